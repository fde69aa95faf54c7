import { randomUUID } from 'node:crypto';

/** The header in which the proxy tells itself that a request repeats another. */
export const replayHeader = 'x-lingma-proxy-replay';

const mostMarks = 100;

/** Marks for requests that the proxy is about to send to itself. Each is good once: nobody else can make a record claim to be a replay. */
export class ReplayMarks {
  readonly #marks = new Map<string, string>();

  /** A mark for a request that repeats the one with this id. */
  issue(replayOf: string): string {
    const mark = randomUUID();
    this.#marks.set(mark, replayOf);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > mostMarks && oldest !== undefined) this.#marks.delete(oldest);
    return mark;
  }

  /** The id that was given for this mark; undefined for what is none. */
  redeem(mark: unknown): string | undefined {
    if (typeof mark !== 'string') return undefined;
    const replayOf = this.#marks.get(mark);
    this.#marks.delete(mark);
    return replayOf;
  }
}
