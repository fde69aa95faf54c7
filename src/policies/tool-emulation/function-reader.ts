const valueEnd = '</parameter>';
const longestTag = 200;

/**
 * Reads the inside of Qwen's `<function=NAME><parameter=KEY>value</parameter></function>` as it arrives, from behind the
 * first tag. One line break at either end of a value belongs to the form and not to the value.
 */
export class FunctionReader {
  readonly name: string;
  readonly values = new Map<string, string>();
  state: 'open' | 'complete' | 'broken' = 'open';
  /** The enclosing `</tool_call>` was read too. */
  closedOuter = false;
  /** Something of the form has been read, so that this is no mere mention. */
  started = false;

  #tag = '';
  #key: string | undefined;
  #value: string[] = [];
  #matched = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether the call is whole although its closing tag is missing. */
  get endsWhole(): boolean {
    return this.started && this.#key === undefined && this.#tag === '';
  }

  /** Reads on; returns the index after the last character taken. A character that breaks the form is not taken. */
  push(text: string, from: number): number {
    let index = from;
    while (index < text.length && this.state === 'open') {
      index = this.#key === undefined ? this.#between(text[index] ?? '', index) : this.#inValue(text, index);
    }
    return index;
  }

  #between(char: string, index: number): number {
    if (this.#tag === '' && /\s/.test(char)) return index + 1;
    if ((this.#tag === '') !== (char === '<') || char === '\n' || this.#tag.length >= longestTag) {
      this.state = 'broken';
      return index;
    }
    this.#tag += char;
    if (char === '>') this.#endTag();
    return index + 1;
  }

  #endTag(): void {
    const tag = this.#tag;
    this.#tag = '';
    const key = /^<parameter=([^<>]+)>$/.exec(tag)?.[1];
    if (key !== undefined) {
      this.started = true;
      this.#key = key.trim();
      this.#value = [];
      this.#matched = 0;
    } else if (tag === '</function>' || tag === '</tool_call>') {
      this.started = true;
      this.state = 'complete';
      this.closedOuter = tag === '</tool_call>';
    } else {
      this.state = 'broken';
    }
  }

  #inValue(text: string, from: number): number {
    for (let index = from; index < text.length; index++) {
      const char = text[index];
      if (char === valueEnd[this.#matched]) this.#matched++;
      else this.#matched = char === '<' ? 1 : 0;
      if (this.#matched === valueEnd.length) {
        this.#value.push(text.slice(from, index + 1));
        this.#endValue();
        return index + 1;
      }
    }
    this.#value.push(text.slice(from));
    return text.length;
  }

  #endValue(): void {
    const raw = this.#value.join('').slice(0, -valueEnd.length);
    const value = raw.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
    if (this.#key !== undefined && !this.values.has(this.#key)) this.values.set(this.#key, value);
    this.#key = undefined;
  }
}
