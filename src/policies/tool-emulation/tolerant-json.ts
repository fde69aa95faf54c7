export type JsonKind = 'object' | 'array' | 'string' | 'literal';

/**
 * Hears a JSON value being read. Depth counts the containers around a value: 0 for the whole, 1 for a member of it.
 * `text` is strict JSON in order, whatever the model wrote.
 */
export interface JsonListener {
  text(piece: string): void;
  key(depth: number, name: string): void;
  /** Comes before the value's own text. */
  valueStart(depth: number, kind: JsonKind): void;
  /** Comes after the value's own text. */
  valueEnd(depth: number): void;
}

type Expectation = 'key' | 'colon' | 'value' | 'comma';

interface Container {
  readonly kind: 'object' | 'array';
  expects: Expectation;
  empty: boolean;
}

const escapable = '"\\/bfnrt';
const literals: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' };

/**
 * Reads one JSON object or array as it arrives, in any pieces, and rewrites it as strict JSON on the way. Forgives what
 * models get wrong: typographic quotes, trailing commas, raw line breaks and stray backslashes in strings, Python's
 * literals, and quotes inside a string that were not escaped (a quote ends a string only where JSON can go on after it).
 * Linear; never looks back.
 */
export class TolerantJson {
  state: 'open' | 'complete' | 'broken' = 'open';
  /** Whether strings may hold raw line breaks. */
  rawLineBreaks = true;

  readonly #listener: JsonListener;
  readonly #stack: Container[] = [];
  #halted = false;
  #literal = '';
  /** The quote that opened the string being read; '' outside strings. */
  #quote = '';
  #isKey = false;
  readonly #keyPieces: string[] = [];
  #escape: 'none' | 'backslash' | 'unicode' = 'none';
  #hex = '';
  /** A quote that may end the string, with the white space after it. */
  #maybeEnd = '';

  constructor(listener: JsonListener) {
    this.#listener = listener;
  }

  /** Makes the running `push` stop after the current character; meant for the listener. */
  halt(): void {
    this.#halted = true;
  }

  /** Reads on from `from`; returns the index after the last character taken. A character that breaks the value is not taken. */
  push(text: string, from: number): number {
    this.#halted = false;
    let index = from;
    while (index < text.length && this.state === 'open' && !this.#halted) {
      if (this.#quote === '') {
        if (!this.#structure(text[index] ?? '')) {
          this.state = 'broken';
          return index;
        }
        index++;
      } else {
        index = this.#string(text, index);
      }
    }
    return index;
  }

  /** Closes what is open, for a model that ended here; false when more than closing brackets is missing. */
  close(): boolean {
    if (this.#quote !== '') return false;
    if (this.#literal !== '' && !this.#endLiteral()) return false;
    const top = this.#stack.at(-1);
    if (!top || !(top.expects === 'comma' || top.empty)) return false;
    this.state = 'open';
    while (this.state === 'open') this.#pop();
    return true;
  }

  /** Takes a character outside strings; false when it cannot stand there. */
  #structure(char: string): boolean {
    if (this.#literal !== '') {
      if (/[\w.+-]/.test(char)) {
        this.#literal += char;
        return this.#literal.length <= 64;
      }
      if (!this.#endLiteral()) return false;
    }
    if (char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\ufeff') return true;
    const top = this.#stack.at(-1);
    if (!top) return this.#open(char);
    switch (top.expects) {
      case 'key':
        if (char === '}') return this.#pop();
        if (!isQuote(char)) return false;
        this.#startString(char, true);
        return true;
      case 'colon':
        if (char !== ':') return false;
        top.expects = 'value';
        return true;
      case 'value':
        if (char === ']' && top.kind === 'array') return this.#pop();
        return this.#value(char, top);
      case 'comma':
        if (char === (top.kind === 'object' ? '}' : ']')) return this.#pop();
        if (char !== ',') return false;
        top.expects = top.kind === 'object' ? 'key' : 'value';
        return true;
      default:
        return top.expects satisfies never;
    }
  }

  #value(char: string, top: Container): boolean {
    if (char === '{' || char === '[') {
      this.#separate(top);
      return this.#open(char);
    }
    if (isQuote(char)) {
      this.#separate(top);
      this.#listener.valueStart(this.#stack.length, 'string');
      this.#startString(char, false);
      return true;
    }
    if (!/[\w.+-]/.test(char)) return false;
    this.#separate(top);
    this.#listener.valueStart(this.#stack.length, 'literal');
    this.#literal = char;
    return true;
  }

  #open(char: string): boolean {
    if (char !== '{' && char !== '[') return false;
    const kind = char === '{' ? 'object' : 'array';
    this.#listener.valueStart(this.#stack.length, kind);
    this.#listener.text(char);
    this.#stack.push({ kind, expects: kind === 'object' ? 'key' : 'value', empty: true });
    return true;
  }

  #pop(): boolean {
    const top = this.#stack.pop();
    this.#listener.text(top?.kind === 'array' ? ']' : '}');
    this.#endValue();
    return true;
  }

  /** Commas are written before the next item and not when read, so that a trailing one vanishes. */
  #separate(top: Container): void {
    if (top.kind === 'array' && !top.empty) this.#listener.text(',');
    top.empty = false;
  }

  #endValue(): void {
    const top = this.#stack.at(-1);
    if (top) top.expects = 'comma';
    this.#listener.valueEnd(this.#stack.length);
    if (!top) this.state = 'complete';
  }

  #endLiteral(): boolean {
    const literal = literals[this.#literal] ?? this.#literal;
    this.#literal = '';
    if (!/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(literal)) return false;
    this.#listener.text(literal);
    this.#endValue();
    return true;
  }

  #startString(quote: string, isKey: boolean): void {
    this.#quote = quote;
    this.#isKey = isKey;
    if (isKey) this.#keyPieces.length = 0;
    this.#write('"');
  }

  /** A string's text: a value's goes out at once, a key's when it is complete. */
  #write(piece: string): void {
    if (this.#isKey) this.#keyPieces.push(piece);
    else this.#listener.text(piece);
  }

  /** Takes at least one character of a string; returns the index after it. */
  #string(text: string, from: number): number {
    if (this.#maybeEnd !== '') return this.#afterQuote(text[from] ?? '', from);
    if (this.#escape !== 'none') return this.#escaped(text[from] ?? '', from);
    let index = from;
    while (index < text.length) {
      const code = text.charCodeAt(index);
      if (code === 0x5c || code === 0x22 || code < 0x20 || (code >= 0x201c && code <= 0x201f)) break;
      index++;
    }
    if (index > from) {
      this.#write(from === 0 && index === text.length ? text : text.slice(from, index));
      return index;
    }
    const char = text[from] ?? '';
    if (char < ' ' && !this.rawLineBreaks) {
      this.state = 'broken';
      return from;
    }
    if (char === '\\') this.#escape = 'backslash';
    else if (this.#mayEndString(char)) this.#maybeEnd = char;
    else this.#write(JSON.stringify(char).slice(1, -1));
    return from + 1;
  }

  #mayEndString(char: string): boolean {
    return char === '"' || (this.#quote !== '"' && isQuote(char));
  }

  #afterQuote(char: string, index: number): number {
    if (char === ' ' || char === '\n' || char === '\t' || char === '\r') {
      this.#maybeEnd += char;
      return index + 1;
    }
    const top = this.#stack.at(-1);
    const goesOn = this.#isKey ? char === ':' : char === ',' || char === (top?.kind === 'array' ? ']' : '}');
    if (goesOn) {
      this.#endString(top);
    } else if (!this.rawLineBreaks && this.#maybeEnd.includes('\n')) {
      this.state = 'broken';
    } else {
      this.#write(JSON.stringify(this.#maybeEnd).slice(1, -1));
    }
    this.#maybeEnd = '';
    return index;
  }

  #endString(top: Container | undefined): void {
    this.#write('"');
    this.#quote = '';
    if (!this.#isKey) {
      this.#endValue();
      return;
    }
    const key = this.#keyPieces.join('');
    const name: unknown = JSON.parse(key);
    if (!top) return;
    this.#listener.text(top.empty ? `${key}:` : `,${key}:`);
    top.empty = false;
    top.expects = 'colon';
    this.#listener.key(this.#stack.length, String(name));
  }

  #escaped(char: string, index: number): number {
    if (this.#escape === 'unicode') {
      if (/[0-9a-fA-F]/.test(char)) {
        this.#hex += char;
        if (this.#hex.length === 4) {
          this.#escape = 'none';
          this.#write(`\\u${this.#hex}`);
        }
        return index + 1;
      }
      this.#escape = 'none';
      this.#write(`\\\\u${this.#hex}`);
      return index;
    }
    this.#escape = 'none';
    if (char === 'u') {
      this.#escape = 'unicode';
      this.#hex = '';
    } else if (escapable.includes(char)) {
      this.#write(`\\${char}`);
    } else if (char === "'" || isQuote(char)) {
      this.#write(char);
    } else {
      this.#write('\\\\');
      return index;
    }
    return index + 1;
  }
}

function isQuote(char: string): boolean {
  return char === '"' || (char >= '\u201c' && char <= '\u201f');
}
