/** What a message is about, for programs that read the log. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A line of the log that is put into words when somebody reads it, if ever. What it holds on to has to be small. */
export interface UnwrittenLine {
  message(): string;
  fields?(): LogFields;
}

/** Where the program reports on itself. Messages and fields hold no secrets and no user content. */
export interface Logger {
  debug(message: string): void;
  info(line: string | UnwrittenLine): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
