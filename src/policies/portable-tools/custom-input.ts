import { isRecord, tryParseJson } from '../../core/json.ts';

/** The single parameter under which a custom tool's free text travels. */
export const customInputKey = 'input';

const opening = `{"${customInputKey}":"`;
const simpleEscapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Decodes `{"input": "…"}` as it arrives in any pieces into the text inside. A character is never given out in halves. What
 * is not of that form is given out at the end: the one text that it holds, else as it is.
 */
export class CustomInputDecoder {
  #mode: 'before' | 'text' | 'done' | 'other' | 'raw' = 'before';
  /** All that came while the text inside had not begun. */
  #before = '';
  /** The same without white space. */
  #compact = '';
  #escape = '';
  /** The first half of a character whose second half may still come. */
  #half = '';

  push(fragment: string): string {
    switch (this.#mode) {
      case 'before':
        return this.#readBefore(fragment);
      case 'text':
        return this.#readText(fragment, 0);
      case 'other':
        this.#before += fragment;
        return '';
      case 'raw':
        return fragment;
      case 'done':
        return '';
      default:
        return this.#mode satisfies never;
    }
  }

  /** The rest, when the input is complete. */
  end(): string {
    const rest = this.#half;
    this.#half = '';
    if (this.#mode !== 'before' && this.#mode !== 'other') return rest;
    this.#mode = 'done';
    return textOf(this.#before);
  }

  #readBefore(fragment: string): string {
    for (let index = 0; index < fragment.length; index++) {
      const char = fragment[index] ?? '';
      this.#before += char;
      if (/\s/.test(char)) continue;
      this.#compact += char;
      const compact = this.#compact;
      if (compact === opening) {
        this.#mode = 'text';
        return this.#readText(fragment, index + 1);
      }
      if (opening.startsWith(compact)) continue;
      const rest = fragment.slice(index + 1);
      if (compact.startsWith('{') || compact.startsWith('"')) {
        this.#mode = 'other';
        this.#before += rest;
        return '';
      }
      this.#mode = 'raw';
      return this.#before + rest;
    }
    return '';
  }

  #readText(fragment: string, from: number): string {
    let out = this.#half;
    this.#half = '';
    let index = from;
    while (index < fragment.length && this.#mode === 'text') {
      if (this.#escape !== '') {
        out += this.#readEscape(fragment[index] ?? '');
        index++;
        continue;
      }
      const start = index;
      while (index < fragment.length && fragment[index] !== '"' && fragment[index] !== '\\') index++;
      out += fragment.slice(start, index);
      if (fragment[index] === '\\') this.#escape = '\\';
      else if (fragment[index] === '"') this.#mode = 'done';
      index++;
    }
    if (this.#mode === 'text' && /[\ud800-\udbff]$/.test(out)) {
      this.#half = out.slice(-1);
      return out.slice(0, -1);
    }
    return out;
  }

  #readEscape(char: string): string {
    this.#escape += char;
    if (this.#escape[1] !== 'u') {
      this.#escape = '';
      return simpleEscapes[char] ?? ('"\\/'.includes(char) ? char : `\\${char}`);
    }
    if (this.#escape.length < 6) return '';
    const code = this.#escape.slice(2);
    const text = /^[0-9a-fA-F]{4}$/.test(code)
      ? String.fromCharCode(Number.parseInt(code, 16))
      : this.#escape;
    this.#escape = '';
    return text;
  }
}

function textOf(input: string): string {
  const parsed = tryParseJson(input);
  if (typeof parsed === 'string') return parsed;
  if (!isRecord(parsed)) return input;
  const named = parsed[customInputKey];
  if (typeof named === 'string') return named;
  const [only, ...others] = Object.values(parsed);
  return typeof only === 'string' && others.length === 0 ? only : input;
}
