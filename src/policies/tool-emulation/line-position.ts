/**
 * Where in its line, in Markdown's sense, a text stands: whether only list markers, quote marks and blanks precede, so that
 * a fence may open here, and whether a code span is open.
 */
export class LinePosition {
  /** Inside a block quote. */
  quoted = false;
  /** Backticks that opened the code span in which the text stands; 0 outside spans. */
  span = 0;
  #state: 'start' | 'bullet' | 'number' | 'inline' = 'start';

  get atStart(): boolean {
    return this.#state === 'start';
  }

  get inline(): boolean {
    return this.#state === 'inline';
  }

  /** Puts the position at the start of a new line. */
  newLine(): void {
    this.#state = 'start';
    this.quoted = false;
    this.span = 0;
  }

  /** Puts the position behind other text of its line. */
  moveInline(): void {
    this.#state = 'inline';
  }

  /** Passes a run of backticks, which opens or closes a code span. */
  passBackticks(run: number): void {
    this.#state = 'inline';
    if (this.span === 0) this.span = run;
    else if (this.span === run) this.span = 0;
  }

  pass(char: string): void {
    if (char === '\n') {
      this.newLine();
      return;
    }
    switch (this.#state) {
      case 'inline':
        break;
      case 'start':
        if (char === '>') this.quoted = true;
        else if (char === '-' || char === '*' || char === '+') this.#state = 'bullet';
        else if (char >= '0' && char <= '9') this.#state = 'number';
        else if (!isBlank(char)) this.#state = 'inline';
        break;
      case 'bullet':
        this.#state = isBlank(char) ? 'start' : 'inline';
        break;
      case 'number':
        if (char === '.' || char === ')') this.#state = 'bullet';
        else if (char < '0' || char > '9') this.#state = 'inline';
        break;
      default:
        this.#state satisfies never;
    }
  }
}

export function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || char === '\r';
}
