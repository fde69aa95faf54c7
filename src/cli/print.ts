import type { Settings } from '../config/settings.ts';
import { type LogLine, reaches } from '../recording/log-buffer.ts';

/** How the command line speaks: for people, or one JSON object a line. Warnings and errors go to standard error. */
export class Printer {
  readonly #format: Settings['logFormat'];

  constructor({ logFormat }: Pick<Settings, 'logFormat'>) {
    this.#format = logFormat;
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
  say(message: string): void {
    if (this.#format === 'json') this.log({ time: new Date().toISOString(), level: 'info', message });
    else console.log(message);
  }

  warn(message: string): void {
    if (this.#format === 'json') this.log({ time: new Date().toISOString(), level: 'warn', message });
    else console.error(`warning: ${message}`);
  }

  fail(message: string): void {
    if (this.#format === 'json') this.log({ time: new Date().toISOString(), level: 'error', message });
    else console.error(message);
  }
}
