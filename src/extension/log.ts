import { type LogOutputChannel, window } from 'vscode';
import type { LogLine } from '../recording/log-buffer.ts';

/** The output channel, made when there is something to put into it. It has a level of its own, which VS Code's menus set. */
export class Log {
  #channel: LogOutputChannel | undefined;

  write({ level, message }: LogLine): void {
    this.#open()[level](message);
  }

  info(message: string): void {
    this.#open().info(message);
  }

  show(): void {
    this.#open().show(true);
  }

  dispose(): void {
    this.#channel?.dispose();
  }

  #open(): LogOutputChannel {
    this.#channel ??= window.createOutputChannel('Lingma Proxy', { log: true });
    return this.#channel;
  }
}
