/** What a message is about, for programs that read the log. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the program reports on itself. Messages and fields hold no secrets and no user content. */
export interface Logger {
  debug(message: string): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string): void;
  error(message: string): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
