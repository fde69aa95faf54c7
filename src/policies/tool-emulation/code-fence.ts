import { isBlank } from './line-position.ts';

/** Follows the text inside an ordinary code fence to where the fence closes. Begin with the line after the opening. */
export class CodeFence {
  readonly #char: string;
  readonly #run: number;
  readonly #quoted: boolean;
  #state: 'indent' | 'fence' | 'tail' | 'line' = 'indent';
  #count = 0;
  #sawQuoteMark = false;

  /** `quoted`: the fence stands in a block quote and ends with it. */
  constructor(char: string, run: number, quoted: boolean) {
    this.#char = char;
    this.#run = run;
    this.#quoted = quoted;
  }

  /** Nothing before the next line break can close the fence. */
  get insideLine(): boolean {
    return this.#state === 'line';
  }

  /** `closed`: the fence ends with this line break. `left`: it ended before this character, with its quote. */
  pass(char: string): 'inside' | 'closed' | 'left' {
    if (char === '\n') {
      const closed = this.#state === 'tail' || (this.#state === 'fence' && this.#count >= this.#run);
      if (!closed && this.#state === 'indent' && this.#quoted && !this.#sawQuoteMark) return 'left';
      this.#state = 'indent';
      this.#count = 0;
      this.#sawQuoteMark = false;
      return closed ? 'closed' : 'inside';
    }
    switch (this.#state) {
      case 'line':
        break;
      case 'indent':
        if (isBlank(char)) break;
        if (this.#quoted && char === '>') {
          this.#sawQuoteMark = true;
          break;
        }
        if (this.#quoted && !this.#sawQuoteMark) return 'left';
        this.#state = char === this.#char ? 'fence' : 'line';
        this.#count = 1;
        break;
      case 'fence':
        if (char === this.#char) this.#count++;
        else this.#state = isBlank(char) && this.#count >= this.#run ? 'tail' : 'line';
        break;
      case 'tail':
        if (!isBlank(char)) this.#state = 'line';
        break;
      default:
        this.#state satisfies never;
    }
    return 'inside';
  }
}
