import { ProxyError } from '../core/errors.ts';

/** What one request holds of the memory for bodies. */
export interface HeldBody {
  /** Throws `overloaded` when there is no room for so many more bytes. */
  grow(bytes: number): void;
  /** Gives all of it back; once. */
  release(): void;
}

/** The memory for request bodies, of those that wait as of those that run: many large ones at once must not end the process. */
export class BodyBudget {
  readonly #most: number;
  #held = 0;

  /** `most`: bytes. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Bytes. */
  get held(): number {
    return this.#held;
  }

  open(): HeldBody {
    let own = 0;
    return {
      grow: (bytes) => {
        if (this.#held + bytes > this.#most) throw full(this.#most);
        own += bytes;
        this.#held += bytes;
      },
      release: () => {
        this.#held -= own;
        own = 0;
      },
    };
  }
}

function full(most: number): ProxyError {
  return new ProxyError(
    'overloaded',
    `Lingma Proxy is busy: the requests that it is answering have ${Math.floor(most / 1_000_000)} MB together, which is as much as it holds. Try again in a moment.`,
    { retryAfterSeconds: 5 },
  );
}
