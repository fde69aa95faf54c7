import type { LogFields, Logger, UnwrittenLine } from '../core/logger.ts';
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
export function reaches({ level }: Pick<LogLine, 'level'>, least: LogLevel): boolean {
  return levels.indexOf(level) >= levels.indexOf(least);
}

const mostLines = 2_000;
const longestMessage = 4_000;

/** A line as it is kept: one that nobody has read yet is not written. */
interface Entry {
  readonly time: number;
  readonly level: LogLevel;
  readonly line: string | UnwrittenLine;
}

/** The program's own log: keeps the newest lines, and hands each on to wherever it should be shown. All that leaves it is redacted. */
export class LogBuffer implements Logger {
  readonly #redactor: Redactor;
  readonly #show: (line: LogLine) => void;
  readonly #least: () => LogLevel;
  #entries: Entry[] = [];

  /** `show` hears of each line that is as important as `least` says at the time. */
  constructor(
    redactor: Redactor,
    show: (line: LogLine) => void = () => {},
    least: () => LogLevel = () => 'debug',
  ) {
    this.#redactor = redactor;
    this.#show = show;
    this.#least = least;
  }

  debug(message: string): void {
    this.#add('debug', message);
  }

  info(line: string | UnwrittenLine): void {
    this.#add('info', line);
  }

  warn(message: string): void {
    this.#add('warn', message);
  }

  error(message: string): void {
    this.#add('error', message);
  }

  /** The newest `limit` lines, newest first. */
  list(limit: number): LogLine[] {
    return this.#entries
      .slice(-limit)
      .reverse()
      .map((entry) => this.#write(entry));
  }

  #add(level: LogLevel, line: string | UnwrittenLine): void {
    const entry = { time: Date.now(), level, line: typeof line === 'string' ? this.#safe(line) : line };
    this.#entries.push(entry);
    if (this.#entries.length > 2 * mostLines) this.#entries = this.#entries.slice(-mostLines);
    if (reaches(entry, this.#least())) this.#show(this.#write(entry));
  }

  #write({ time, level, line }: Entry): LogLine {
    const head = { time: new Date(time).toISOString(), level };
    if (typeof line === 'string') return { ...head, message: line };
    const fields = line.fields?.();
    return {
      ...head,
      message: this.#safe(line.message()),
      ...(fields && { fields: this.#safeFields(fields) }),
    };
  }

  /** Cut after the redaction, as half a secret is not recognised. */
  #safe(message: string): string {
    return printable(this.#redactor.text(message.slice(0, 4 * longestMessage)).slice(0, longestMessage));
  }

  #safeFields(fields: LogFields): LogFields {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === 'string' ? printable(this.#redactor.text(value.slice(0, longestMessage))) : value,
      ]),
    );
  }
}
