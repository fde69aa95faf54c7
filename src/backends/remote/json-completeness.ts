const quote = 0x22;
const backslash = 0x5c;

/** Tells when an object that arrives in pieces has its closing brace. Each character is looked at once. */
export class JsonCompleteness {
  #depth = 0;
  #begun = false;
  #inString = false;
  #escaped = false;

  /** True once every bracket is closed again. */
  get complete(): boolean {
    return this.#begun && this.#depth === 0;
  }

  push(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (this.#inString) this.#readInString(code);
      else if (code === quote) this.#inString = true;
      else if (code === 0x7b || code === 0x5b) this.#open();
      else if (code === 0x7d || code === 0x5d) this.#depth--;
    }
  }

  #open(): void {
    this.#begun = true;
    this.#depth++;
  }

  #readInString(code: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (code === backslash) this.#escaped = true;
    else if (code === quote) this.#inString = false;
  }
}
