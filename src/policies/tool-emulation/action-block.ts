import type { ActionEvent } from './action-event.ts';
import { CallReader, type FailedCall } from './call-reader.ts';
import { FunctionReader } from './function-reader.ts';
import { isBlank } from './line-position.ts';
import type { CallableTools } from './resolve-call.ts';

/** How a block was opened. */
export interface BlockOpening {
  /** The fence's character, or `<` for a tag. */
  readonly char: '`' | '~' | '<';
  /** Written as a call and as nothing else; otherwise it is one only if it resolves. */
  readonly explicit: boolean;
  /** The opening itself, as written. */
  readonly source: string;
}

type Mode =
  /** Inside a JSON value. */
  | 'json'
  /** Inside `<function=NAME>`. */
  | 'function'
  /** Behind a call. */
  | 'after'
  /** A run of fence characters, or a tag, that may close the block. */
  | 'closing'
  /** Beyond repair, up to where it closes. */
  | 'broken';

const callTagEnd = '</tool_call>';
const functionTagEnd = '</function>';
const cutOff = 'The block ended before its JSON was complete; it must hold one complete, valid JSON object.';

/**
 * Reads one block of calls from behind its opening to where it closes: where its JSON is complete *and* its fence or tag
 * closes (or something else follows), so that backticks inside a JSON string end nothing.
 */
export class ActionBlock {
  /** `rejected`: ordinary JSON; `source` is to be shown. */
  state: 'open' | 'closed' | 'rejected' = 'open';
  /** What the block's closing left behind: the rest of a line, a new line, or text that followed without any closing. */
  leaves: 'closing-line' | 'new-line' | 'text' = 'text';
  /** Characters taken that belong to the text behind the block. */
  remainder = '';

  readonly #tools: CallableTools;
  readonly #out: (event: ActionEvent) => void;
  readonly #char: BlockOpening['char'];
  readonly #explicit: boolean;
  readonly #failures: FailedCall[] = [];
  #mode: Mode = 'json';
  #source: string;
  #calls = 0;
  #reader: CallReader;
  #function: FunctionReader | undefined;
  /** White space behind a call. */
  #gap = '';
  /** Characters of a closing fence or tag read so far. */
  #matched = 0;
  #recent = '';

  constructor(tools: CallableTools, opening: BlockOpening, out: (event: ActionEvent) => void) {
    this.#tools = tools;
    this.#out = out;
    this.#char = opening.char;
    this.#explicit = opening.explicit;
    this.#source = opening.source;
    this.#reader = this.#newReader();
  }

  /** A block that begins inside `<function=name>`. */
  static ofFunction(
    tools: CallableTools,
    opening: BlockOpening,
    name: string,
    out: (event: ActionEvent) => void,
  ): ActionBlock {
    const block = new ActionBlock(tools, opening, out);
    block.#function = new FunctionReader(name);
    block.#mode = 'function';
    return block;
  }

  /** All that was read, the opening included. */
  get source(): string {
    return this.#source;
  }

  /** Not yet known whether this is a call or ordinary text. */
  get undecided(): boolean {
    if (this.#explicit || this.#calls > 0) return false;
    return this.#function ? !this.#function.started : this.#reader.calls === 0;
  }

  /** Reads on while the block is open; returns the index after the last character taken. */
  push(text: string, from: number): number {
    let index = from;
    while (index < text.length && this.state === 'open') {
      switch (this.#mode) {
        case 'json':
          index = this.#readJson(text, index);
          break;
        case 'function':
          index = this.#readFunction(text, index);
          break;
        case 'after':
          index = this.#readAfter(text[index] ?? '', index);
          break;
        case 'closing':
          index = this.#readClosing(text[index] ?? '', index);
          break;
        case 'broken':
          index = this.#readBroken(text, index);
          break;
        default:
          this.#mode satisfies never;
      }
    }
    return index;
  }

  /** The output is complete. */
  end(): void {
    if (this.#mode === 'function' && this.#function?.endsWhole) {
      this.#endFunction(this.#function);
      this.#close('text');
    } else if (this.#mode === 'closing') {
      this.#endClosing();
    } else if (this.#mode === 'after') {
      this.#close('text');
    } else if (this.undecided) {
      this.state = 'rejected';
    } else {
      this.#closeBroken('text');
    }
  }

  #newReader(): CallReader {
    return new CallReader(this.#tools, !this.#explicit && this.#calls === 0, this.#out);
  }

  #readJson(text: string, from: number): number {
    const reader = this.#reader;
    const to = reader.push(text, from);
    this.#source += text.slice(from, to);
    if (reader.state === 'broken' && !(text[to] === this.#char && reader.close())) {
      if (this.undecided) this.state = 'rejected';
      else this.#mode = 'broken';
    } else if (reader.rejected) {
      this.state = 'rejected';
    } else if (reader.state === 'complete') {
      this.#endJson(reader);
    }
    return to;
  }

  #endJson(reader: CallReader): void {
    if (reader.calls + reader.failures.length === 0) {
      if (this.undecided) {
        this.state = 'rejected';
        return;
      }
      this.#failures.push({ problem: 'The block holds no call.', json: '[]' });
    }
    this.#calls += reader.calls;
    this.#failures.push(...reader.failures);
    this.#beginAfter();
  }

  #beginAfter(): void {
    this.#gap = '';
    this.#mode = 'after';
  }

  #readFunction(text: string, from: number): number {
    const reader = this.#function;
    if (!reader) return text.length;
    const to = reader.push(text, from);
    this.#source += text.slice(from, to);
    if (reader.state === 'complete') {
      this.#endFunction(reader);
      if (reader.closedOuter) this.#close('closing-line');
      else this.#beginAfter();
    } else if (reader.state === 'broken') {
      if (this.undecided) this.state = 'rejected';
      else this.#mode = 'broken';
    }
    return to;
  }

  #endFunction(reader: FunctionReader): void {
    const call = this.#tools.resolveTexts(reader.name, reader.values);
    if (!call.ok) {
      const json = JSON.stringify({ tool: reader.name, parameters: Object.fromEntries(reader.values) });
      this.#failures.push({ problem: call.problem, json });
      return;
    }
    this.#calls++;
    this.#out({ type: 'call-start', name: call.name });
    this.#out({ type: 'call-delta', input: call.input });
    this.#out({ type: 'call-end' });
  }

  #readAfter(char: string, index: number): number {
    if (isBlank(char) || char === '\n' || char === ',' || char === ';') {
      this.#gap += char;
      return index + 1;
    }
    if ((char === '{' || char === '[') && !this.#function) {
      this.#source += this.#gap;
      this.#reader = this.#newReader();
      this.#mode = 'json';
    } else if (char === this.#char) {
      this.#matched = 0;
      this.#mode = 'closing';
    } else {
      this.#closeWithout();
    }
    return index;
  }

  #readClosing(char: string, index: number): number {
    if (this.#char === '<') {
      if (char === callTagEnd[this.#matched]) {
        this.#matched++;
        if (this.#matched === callTagEnd.length) this.#closeWith(callTagEnd);
        return index + 1;
      }
    } else if (char === this.#char) {
      this.#matched++;
      return index + 1;
    }
    this.#endClosing();
    return index;
  }

  /** What may have been a closing goes no further. */
  #endClosing(): void {
    const read = this.#char === '<' ? callTagEnd.slice(0, this.#matched) : this.#char.repeat(this.#matched);
    if (this.#char !== '<' && this.#matched >= 3) {
      this.#closeWith(read);
    } else {
      this.remainder = read;
      this.#closeWithout();
    }
  }

  /** A broken block closes with a fence that ends a line, or with its closing tag. */
  #readBroken(text: string, from: number): number {
    let index = from;
    let closed = false;
    for (; index < text.length && !closed; index++) {
      const char = text[index] ?? '';
      if (this.#char === '<') {
        this.#recent = (this.#recent + char).slice(-callTagEnd.length);
        closed = this.#recent === callTagEnd || this.#recent.endsWith(functionTagEnd);
      } else if (char === this.#char) {
        this.#matched = this.#recent === '' ? this.#matched + 1 : 1;
        this.#recent = '';
      } else if (char === '\n' && this.#matched >= 3) {
        closed = true;
      } else if (isBlank(char) && this.#matched >= 3) {
        this.#recent = char;
      } else {
        this.#matched = 0;
        this.#recent = '';
      }
    }
    this.#source += text.slice(from, index);
    if (closed) this.#closeBroken(this.#char === '<' ? 'text' : 'new-line');
    return index;
  }

  #closeWith(closing: string): void {
    this.#source += this.#gap + closing;
    this.#close('closing-line');
  }

  #closeWithout(): void {
    this.#close(this.#gap.includes('\n') ? 'new-line' : 'text');
  }

  #close(leaves: ActionBlock['leaves']): void {
    this.state = 'closed';
    this.leaves = leaves;
    const [first] = this.#failures;
    if (!first) return;
    if (this.#calls === 0) {
      // It may have to be shown: then the white space behind it is text like any other.
      if (leaves === 'closing-line') this.leaves = 'text';
      else this.#source += this.#gap;
      this.#out({ type: 'invalid', problem: first.problem, source: this.#source });
      return;
    }
    for (const { problem, json } of this.#failures) {
      this.#out({ type: 'invalid', problem, source: `\`\`\`json action\n${json}\n\`\`\`\n` });
    }
  }

  #closeBroken(leaves: ActionBlock['leaves']): void {
    this.state = 'closed';
    this.leaves = leaves;
    if (this.#reader.live) this.#out({ type: 'call-cut', source: this.#source });
    else this.#out({ type: 'invalid', problem: cutOff, source: this.#source });
  }
}
