import type { Settings } from '../config/settings.ts';
import { english, inWords, type Localizer, type Phrase } from '../core/localizer.ts';
import { type LogLine, reaches } from '../recording/log-buffer.ts';
import type { Redactor } from '../recording/redaction.ts';

/** How the command line speaks: for people in their language, or one JSON object a line in English. Warnings and errors go to standard error. */
export class Printer {
  readonly #format: Settings['logFormat'];
  readonly #l10n: Localizer;
  readonly #redactor: Redactor;

  /** What is secret is left out; the lines of the log come without it. */
  constructor({ logFormat }: Pick<Settings, 'logFormat'>, l10n: Localizer, redactor: Redactor) {
    this.#redactor = redactor;
    this.#format = logFormat;
    this.#l10n = logFormat === 'json' ? english : l10n;
  }

  /** A line of the program's log. */
  readonly log = (line: LogLine): void => {
    const { time, level, message, fields } = line;
    const text =
      this.#format === 'json'
        ? JSON.stringify({ time, level, message, ...fields })
        : `${time.slice(11, 23)} ${level === 'info' ? '' : `${level}: `}${message}`;
    if (reaches(line, 'warn')) console.error(text);
    else console.log(text);
  };

  /** What is said once, at the start or the end. */
  say(text: Phrase | string): void {
    const message = this.#words(text);
    if (this.#format === 'json') this.log({ time: new Date().toISOString(), level: 'info', message });
    else console.log(message);
  }

  warn(text: string): void {
    const message = this.#words(text);
    if (this.#format === 'json') this.log({ time: new Date().toISOString(), level: 'warn', message });
    else console.error(this.#l10n.t('warning: {0}', message));
  }

  fail(text: Phrase): void {
    const message = this.#words(text);
    if (this.#format === 'json') this.log({ time: new Date().toISOString(), level: 'error', message });
    else console.error(message);
  }

  #words(text: Phrase | string): string {
    return this.#redactor.text(typeof text === 'string' ? text : inWords(text, this.#l10n));
  }
}
