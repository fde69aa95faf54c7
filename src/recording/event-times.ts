/** Writes of which the time is kept: an answer has no more events that anybody could look at. */
const mostWrites = 50_000;

/**
 * When each event of a stream went out. While it goes, only the length and the time of each write are kept; which events a write
 * held is found out once, when the stream has ended. Events are what blank lines part.
 */
export class EventTimes {
  /** In turn: how many characters had gone out after a write, and when that was. */
  #writes: number[] = [];
  #times: readonly number[] | undefined;

  get weight(): number {
    return 8 * (this.#times ?? this.#writes).length;
  }

  /** `length`: characters so far, this write included. */
  add(length: number, atMs: number): void {
    if (this.#writes.length < 2 * mostWrites) this.#writes.push(length, atMs);
  }

  /** Ends the times: those of the events in `text`. */
  seal(text: string): void {
    this.#times ??= this.#timesIn(text);
    this.#writes = [];
  }

  /** The times of the events so far; `text` is not looked at once they are sealed. */
  read(text = ''): readonly number[] {
    return this.#times ?? this.#timesIn(text);
  }

  #timesIn(text: string): number[] {
    const times: number[] = [];
    let write = 0;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n', end + 2)) {
      while (write + 2 < this.#writes.length && (this.#writes[write] ?? 0) < end + 2) write += 2;
      times.push(this.#writes[write + 1] ?? 0);
    }
    return times;
  }
}
