/** Text that Markdown shows as it is, icons and links included. */
export function escapeMarkdown(text: string): string {
  const safe = text.replaceAll(/[\\`*_{}[\]()#+\-!|<>$~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
  // Only there it begins a list. After an address, the backslash would become a part of the link.
  return safe.replace(/^(\d+)\./, '$1\\.');
}
