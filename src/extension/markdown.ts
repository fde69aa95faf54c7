/** Text that Markdown shows as it is, icons and links included. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+\-.!|<>$~&]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
