import type { Writable } from 'node:stream';

/**
 * Lets what is written to a socket in one turn of the event loop go out in one system call: sessions are opened, used and deleted by
 * small messages that often fall together. Nothing waits longer than until the code that runs now is through.
 */
export class GatheredWrites {
  readonly #socket: Writable;
  #gathering = false;

  constructor(socket: Writable) {
    this.#socket = socket;
  }

  /** To be called before something is written. */
  begin(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    this.#socket.cork();
    process.nextTick(() => {
      this.#gathering = false;
      this.#socket.uncork();
    });
  }
}
