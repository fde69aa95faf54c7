import type { Dispatcher } from 'undici';

/** The bytes of an answer, for one reader. */
export interface ResponseBody {
  /** All that has come since the last call, waiting for some; undefined at the end. Rejects when the connection fails. */
  read(): Promise<readonly Uint8Array[] | undefined>;
  /** Lets a body that is about to end do so, so that its connection can serve the next request; else closes it. */
  release(): void;
  /** Closes the connection, unless the body is at its end. A `read` that waits gets the end. */
  destroy(): void;
}

/** Bytes that wait for a slow reader before upstream has to. */
const mostWaiting = 64 * 1024;
/** Bytes and milliseconds that an answer gets to end by itself once nobody needs the rest. */
const mostBytesToRelease = 64 * 1024;
const releaseMs = 1_000;

/** A body as undici hands it over, chunk by chunk. */
export class ReceivedBody implements ResponseBody {
  #controller: Dispatcher.DispatchController | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #wake: (() => void) | undefined;
  #state: 'open' | 'released' | 'over' = 'open';
  #error: Error | undefined;
  #releasing: NodeJS.Timeout | undefined;

  /** The request goes out. One that was given up before that does not. */
  begin(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#state === 'over') controller.abort(closedByUs());
  }

  add(chunk: Uint8Array): void {
    if (this.#state === 'over') return;
    this.#waitingBytes += chunk.byteLength;
    if (this.#state === 'released') {
      if (this.#waitingBytes > mostBytesToRelease) this.destroy();
      return;
    }
    this.#waiting.push(chunk);
    if (this.#waitingBytes >= mostWaiting) this.#controller?.pause();
    this.#wake?.();
  }

  end(): void {
    this.#close();
  }

  fail(error: Error): void {
    if (this.#state !== 'over') this.#error = error;
    this.#close();
  }

  async read(): Promise<readonly Uint8Array[] | undefined> {
    if (this.#waiting.length === 0 && this.#state === 'open') {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#waiting.length > 0) return this.#take();
    if (this.#error !== undefined) throw this.#error;
    return undefined;
  }

  release(): void {
    if (this.#state !== 'open') return;
    this.#state = 'released';
    this.#releasing = setTimeout(() => this.destroy(), releaseMs);
    this.#take();
  }

  destroy(): void {
    if (this.#state === 'over') return;
    this.#take();
    this.#close();
    this.#controller?.abort(closedByUs());
  }

  /** As `destroy`, but for who reads it is a failure. */
  abort(reason: Error): void {
    if (this.#state !== 'over') this.#error = reason;
    this.destroy();
  }

  #take(): readonly Uint8Array[] {
    const chunks = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#controller?.paused) this.#controller.resume();
    return chunks;
  }

  #close(): void {
    this.#state = 'over';
    clearTimeout(this.#releasing);
    this.#wake?.();
  }
}

function closedByUs(): Error {
  return new Error('The answer is not needed any more.');
}
