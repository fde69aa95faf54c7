import { english, inWords, type Localizer, type Phrase } from '../core/localizer.ts';

/**
 * - `unreadable`: a file cannot be read, or is no text.
 * - `unwritable`: a file cannot be written.
 * - `invalid`: a file is not what its format asks for, so nothing is changed in it.
 * - `unexpected`: a file is valid but written in a way that this program cannot change without touching something else.
 * - `changed-meanwhile`: a file is no longer as it was when the change was planned.
 * - `not-connected`: there is no record of a connection to undo.
 * - `no-fixed-port`: the proxy takes any free port, which no file can name.
 */
export type ConnectErrorKind =
  | 'unreadable'
  | 'unwritable'
  | 'invalid'
  | 'unexpected'
  | 'changed-meanwhile'
  | 'not-connected'
  | 'no-fixed-port';

/** A client cannot be connected or disconnected, and nothing has been changed. The message tells a person why and what to do. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly kind: ConnectErrorKind;
  /** The file that it is about. */
  readonly path: string | undefined;
  readonly #phrases: readonly Phrase[];

  constructor(kind: ConnectErrorKind, phrases: Phrase | readonly Phrase[], path?: string) {
    const all = [phrases].flat();
    super(inWords(all, english));
    this.kind = kind;
    this.path = path;
    this.#phrases = all;
  }

  /** The message in the reader's language. */
  words(l10n: Localizer): string {
    return inWords(this.#phrases, l10n);
  }

  /** The same with one more sentence. */
  with(more: Phrase): ConnectError {
    return new ConnectError(this.kind, [...this.#phrases, more], this.path);
  }
}
