/** Those who want to hear of something. They are told in turn, at once, and must not throw. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns the way to stop hearing. */
  add(listener: (value: T) => void): () => void {
    // Wrapped, so that one function may listen twice.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}
