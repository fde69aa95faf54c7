// Controls of terminals (C0, DEL, C1) but tab and line feed, and those that turn the direction of text.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of a stranger's choice as it may be shown in a terminal or a log: what would move the cursor, set a title, fill the clipboard or
 * turn the line around is written out as `\u001b`, and further lines are indented, so that none looks like a message of its own.
 */
export function printable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('\n', '\n    ');
}
