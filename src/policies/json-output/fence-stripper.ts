const opening = /^\s*(`{0,2}|```[a-zA-Z0-9]{0,12}[ \t\r]*)$/;
const wholeOpening = /^\s*```[a-zA-Z0-9]{0,12}[ \t\r]*\n/;
const longestOpening = 64;

/**
 * Takes the code fence off an answer that is wrapped in one, as it arrives in any pieces. Holds only what may be the opening,
 * and, inside the fence, backticks and white space that may be its closing.
 */
export class FenceStripper {
  #mode: 'opening' | 'fenced' | 'plain' = 'opening';
  #held = '';

  push(text: string): string {
    switch (this.#mode) {
      case 'opening':
        return this.#readOpening(text);
      case 'fenced':
        return this.#readFenced(text);
      case 'plain':
        return text;
      default:
        return this.#mode satisfies never;
    }
  }

  /** The answer is complete; returns what was held and belongs to it. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return this.#mode === 'fenced' ? held.replace(/\s*```\s*$/, '') : held;
  }

  #readOpening(text: string): string {
    this.#held += text;
    const whole = wholeOpening.exec(this.#held)?.[0];
    if (whole !== undefined) {
      const rest = this.#held.slice(whole.length);
      this.#held = '';
      this.#mode = 'fenced';
      return this.#readFenced(rest);
    }
    if (opening.test(this.#held) && this.#held.length <= longestOpening) return '';
    this.#mode = 'plain';
    return this.end();
  }

  #readFenced(text: string): string {
    let end = text.length;
    while (end > 0 && isClosing(text.charCodeAt(end - 1))) end--;
    if (end === 0) {
      this.#held += text;
      return '';
    }
    const out = this.#held + text.slice(0, end);
    this.#held = text.slice(end);
    return out;
  }
}

/** A backtick or white space. */
function isClosing(code: number): boolean {
  return code === 0x60 || code === 0x20 || (code >= 0x09 && code <= 0x0d);
}
