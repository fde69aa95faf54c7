import { english, inWords, type Phrase } from '../../core/localizer.ts';
import type { Edit } from '../config-data.ts';

/** The formats of the clients' configuration files. `json` may hold comments and trailing commas. */
export type FormatName = 'json' | 'toml' | 'yaml';

/** Reads and changes the text of one format of configuration files. Texts come without a byte-order mark. */
export interface ConfigFormat {
  /** As people call it. */
  readonly title: string;
  /** The data of a text; an empty table when the text holds none. Throws `ConfigSyntaxError`. */
  parse(text: string): unknown;
  /**
   * The text after one edit, all else in it as it was. The text is valid, and the result need not be right: whoever calls this
   * checks it. Undefined when the format cannot do it.
   */
  edit(text: string, edit: Edit): string | undefined;
}

/** A text is not in its format. */
export class ConfigSyntaxError extends Error {
  override readonly name = 'ConfigSyntaxError';
  /** What is wrong, in part of a sentence. */
  readonly problem: Phrase;

  constructor(problem: Phrase) {
    super(inWords(problem, english));
    this.problem = problem;
  }
}

/** The line end that a text uses first. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  return /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
}

/** The line, from 1, of a place in a text. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Where the line begins that a place is in. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line ends that a place is in, with its line end. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** A text with a part of it replaced. */
export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** A library's message, which may quote the file. */
export function shortened(message = ''): string {
  return message.slice(0, 200);
}
