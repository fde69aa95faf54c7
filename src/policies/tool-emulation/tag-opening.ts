import type { CallableTools } from './resolve-call.ts';

const callTag = '<tool_call>';
const functionTag = '<function=';
const longest = 200;

/**
 * Follows text from a `<` while it may be one of the tags that some models open a call with: `<tool_call>` before JSON or a
 * function tag, or `<function=NAME>` of a tool that exists.
 */
export class TagOpening {
  /** `json`: the character just passed begins JSON and is not part of `source`; `text`: it is no such tag, likewise. */
  state: 'open' | 'json' | 'function' | 'text' = 'open';
  source = '';
  name = '';
  /** The function tag stands inside `<tool_call>`. */
  wrapped = false;

  readonly #tools: CallableTools;
  /** The part of the tag that is being read. */
  #part = '';

  constructor(tools: CallableTools) {
    this.#tools = tools;
  }

  pass(char: string): void {
    if (this.source.length >= longest) this.state = 'text';
    else if (this.#part.startsWith(functionTag)) this.#passName(char);
    else this.#passTag(char);
    if (this.state === 'open' || this.state === 'function') this.source += char;
  }

  #passTag(char: string): void {
    const next = this.#part + char;
    if (functionTag.startsWith(next) || (!this.wrapped && callTag.startsWith(next))) {
      this.#part = next;
      if (next !== callTag) return;
      this.wrapped = true;
      this.#part = '';
    } else if (!this.wrapped || this.#part !== '') {
      this.state = 'text';
    } else if (char === '{' || char === '[') {
      this.state = 'json';
    } else if (!/\s/.test(char)) {
      this.state = 'text';
    }
  }

  #passName(char: string): void {
    if (char !== '>') {
      this.#part += char;
      if (/[\s<]/.test(char)) this.state = 'text';
      return;
    }
    this.name = this.#part.slice(functionTag.length);
    this.state = this.wrapped || this.#tools.find(this.name) ? 'function' : 'text';
  }
}
