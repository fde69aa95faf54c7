import type { LogFields, Logger } from '../core/logger.ts';
import { printable } from '../core/printable.ts';
import type { Redactor } from './redaction.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  /** The same in parts; absent where the message says it all. */
  readonly fields?: LogFields;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Whether a line is important enough to be shown to who wants `least`. */
export function reaches({ level }: LogLine, least: LogLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}

const mostLines = 2_000;
const longestMessage = 4_000;

/** The program's own log: redacts each message, keeps the newest lines, and hands each on to wherever it should be shown. */
export class LogBuffer implements Logger {
  readonly #redactor: Redactor;
  readonly #show: (line: LogLine) => void;
  #lines: LogLine[] = [];

  constructor(redactor: Redactor, show: (line: LogLine) => void = () => {}) {
    this.#redactor = redactor;
    this.#show = show;
  }

  debug(message: string): void {
    this.#add('debug', message);
  }

  info(message: string, fields?: LogFields): void {
    this.#add('info', message, fields);
  }

  warn(message: string): void {
    this.#add('warn', message);
  }

  error(message: string): void {
    this.#add('error', message);
  }

  /** The newest `limit` lines, newest first. */
  list(limit: number): LogLine[] {
    return this.#lines.slice(-limit).reverse();
  }

  #add(level: LogLevel, message: string, fields?: LogFields): void {
    const line = {
      time: new Date().toISOString(),
      level,
      // Cut after the redaction, as half a secret is not recognised.
      message: printable(this.#redactor.text(message.slice(0, 4 * longestMessage)).slice(0, longestMessage)),
      ...(fields && { fields: this.#redacted(fields) }),
    };
    this.#lines.push(line);
    if (this.#lines.length > 2 * mostLines) this.#lines = this.#lines.slice(-mostLines);
    this.#show(line);
  }

  #redacted(fields: LogFields): LogFields {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? printable(this.#redactor.text(value.slice(0, longestMessage))) : value,
      ]),
    );
  }
}
