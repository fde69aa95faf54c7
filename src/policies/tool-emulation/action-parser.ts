import { ActionBlock, type BlockOpening } from './action-block.ts';
import type { ActionEvent } from './action-event.ts';
import { CodeFence } from './code-fence.ts';
import { infoMeaning, mayBecomeInfo } from './info-string.ts';
import { isBlank, LinePosition } from './line-position.ts';
import type { CallableTools } from './resolve-call.ts';
import { TagOpening } from './tag-opening.ts';

type Mode =
  /** Visible text. */
  | 'text'
  /** A run of backticks or tildes, then its info string while that may still be an action's. */
  | 'opening'
  /** White space between a fence's opening line and its JSON. */
  | 'lead'
  /** The rest of an ordinary fence's opening line. */
  | 'info'
  /** Inside an ordinary fence. */
  | 'code'
  /** `<…` while it may open a call. */
  | 'tag'
  /** Inside a block of calls. */
  | 'block'
  /** The rest of a block's closing line. */
  | 'closed';

interface FenceOpening {
  readonly char: '`' | '~';
  readonly atStart: boolean;
  readonly quoted: boolean;
  run: number;
  /** Undefined while the run is counted. */
  info: string | undefined;
}

const longestLead = 200;
const longestRun = 32;

/**
 * Tells calls from text in what a model writes, as it arrives in any pieces. Text goes out at once; only what may be the
 * opening of a call is held, and a plain JSON fence until its first members show what it is. Inside code fences, code spans
 * and block quotes nothing is a call: there the model shows, it does not act. Each character is read once.
 */
export class ActionParser {
  readonly #tools: CallableTools;
  readonly #line = new LinePosition();
  #events: ActionEvent[] = [];
  #mode: Mode = 'text';
  /** An opening that has been read and not given out. */
  #held = '';
  #opening: FenceOpening = { char: '`', atStart: false, quoted: false, run: 0, info: undefined };
  #fence = new CodeFence('`', 3, false);
  #tag: TagOpening;
  #block: ActionBlock | undefined;

  constructor(tools: CallableTools) {
    this.#tools = tools;
    this.#tag = new TagOpening(tools);
  }

  /** Characters that are held although they may turn out to be text. */
  get heldLength(): number {
    if (this.#mode === 'tag') return this.#tag.source.length;
    if (this.#mode === 'block') return this.#block?.undecided ? this.#block.source.length : 0;
    return this.#held.length;
  }

  push(text: string): readonly ActionEvent[] {
    this.#events = [];
    this.#read(text);
    return this.#events;
  }

  /** The output is complete. */
  end(): readonly ActionEvent[] {
    this.#events = [];
    switch (this.#mode) {
      case 'opening':
      case 'lead':
        if (this.#opensBlock() && this.#meaning() === 'action') this.#beginBlock().end();
        else this.#giveBack();
        break;
      case 'tag':
        this.#text(this.#tag.source);
        break;
      case 'block':
        this.#block?.end();
        if (this.#block?.state === 'rejected') this.#text(this.#block.source);
        else this.#text(this.#block?.remainder ?? '');
        break;
      case 'text':
      case 'info':
      case 'code':
      case 'closed':
        break;
      default:
        this.#mode satisfies never;
    }
    this.#mode = 'text';
    return this.#events;
  }

  /** Every step takes at least one character or changes the mode. */
  #read(text: string): void {
    let index = 0;
    while (index < text.length) {
      switch (this.#mode) {
        case 'text':
          index = this.#readText(text, index);
          break;
        case 'opening':
          index = this.#readOpening(text[index] ?? '', index);
          break;
        case 'lead':
          index = this.#readLead(text[index] ?? '', index);
          break;
        case 'info':
          index = this.#readInfo(text, index);
          break;
        case 'code':
          index = this.#readCode(text, index);
          break;
        case 'tag':
          index = this.#readTag(text[index] ?? '', index);
          break;
        case 'block':
          index = this.#readBlock(text, index);
          break;
        case 'closed':
          index = this.#readClosed(text[index] ?? '', index);
          break;
        default:
          this.#mode satisfies never;
      }
    }
  }

  #readText(text: string, from: number): number {
    const line = this.#line;
    let index = from;
    for (; index < text.length; index++) {
      const char = text[index] ?? '';
      if (char === '`' || (char === '~' && line.atStart)) {
        this.#opening = { char, atStart: line.atStart, quoted: line.quoted, run: 0, info: undefined };
        this.#mode = 'opening';
        break;
      }
      if (char === '<' && line.span === 0 && !line.quoted) {
        this.#tag = new TagOpening(this.#tools);
        this.#mode = 'tag';
        break;
      }
      line.pass(char);
    }
    this.#text(text.slice(from, index));
    return index;
  }

  #readOpening(char: string, index: number): number {
    const opening = this.#opening;
    if (opening.info === undefined) {
      if (char === opening.char && opening.run < longestRun) {
        opening.run++;
        this.#held += char;
        return index + 1;
      }
      if (opening.run < 3 || this.#line.span > 0) return this.#giveBackInline(index);
      opening.info = '';
    }
    if ((char === '{' || char === '[' || char === '\n') && this.#opensBlock()) {
      if (char !== '\n') {
        this.#beginBlock();
        return index;
      }
      this.#held += char;
      this.#mode = 'lead';
      return index + 1;
    }
    if (char === '`' && opening.char === '`') return this.#giveBackInline(index);
    if (char !== '\n' && mayBecomeInfo(opening.info + char)) {
      opening.info += char;
      this.#held += char;
      return index + 1;
    }
    this.#giveBack();
    this.#mode = 'info';
    return index;
  }

  #meaning(): 'action' | 'maybe' | 'other' {
    return this.#opening.info === undefined ? 'other' : infoMeaning(this.#opening.info);
  }

  #opensBlock(): boolean {
    if (this.#opening.quoted) return false;
    const meaning = this.#meaning();
    return meaning === 'action' || (meaning === 'maybe' && this.#opening.atStart);
  }

  #readLead(char: string, index: number): number {
    if (char === '{' || char === '[') {
      this.#beginBlock();
      return index;
    }
    if ((isBlank(char) || char === '\n') && this.#held.length < longestLead) {
      this.#held += char;
      return index + 1;
    }
    const held = this.#held;
    this.#held = '';
    this.#showFence(held);
    return index;
  }

  #readInfo(text: string, from: number): number {
    const opening = this.#opening;
    let index = from;
    while (index < text.length && text[index] !== '\n' && !(text[index] === '`' && opening.char === '`'))
      index++;
    const piece = text.slice(from, index);
    // Only the start matters, and only in mid-line.
    const info = opening.info ?? '';
    opening.info = info.length < 64 ? info + piece : info;
    this.#text(piece);
    if (index === text.length) return index;
    if (text[index] === '`') {
      this.#line.passBackticks(opening.run);
      this.#mode = 'text';
      return index;
    }
    this.#text('\n');
    if (opening.atStart || /^[\w+#.-]+[ \t\r]*$/.test(opening.info)) {
      this.#beginCode();
    } else {
      this.#line.newLine();
      this.#mode = 'text';
    }
    return index + 1;
  }

  #beginCode(): void {
    this.#fence = new CodeFence(this.#opening.char, this.#opening.run, this.#opening.quoted);
    this.#mode = 'code';
  }

  #readCode(text: string, from: number): number {
    let index = from;
    let end: 'inside' | 'closed' | 'left' = 'inside';
    while (index < text.length && end === 'inside') {
      if (this.#fence.insideLine && text[index] !== '\n') {
        const lineBreak = text.indexOf('\n', index);
        index = lineBreak === -1 ? text.length : lineBreak;
      } else {
        end = this.#fence.pass(text[index] ?? '');
        if (end !== 'left') index++;
      }
    }
    this.#text(text.slice(from, index));
    if (end !== 'inside') {
      this.#line.newLine();
      this.#mode = 'text';
    }
    return index;
  }

  #readTag(char: string, index: number): number {
    const tag = this.#tag;
    tag.pass(char);
    switch (tag.state) {
      case 'open':
        return index + 1;
      case 'json':
        this.#beginBlock({ char: '<', explicit: true, source: tag.source });
        return index;
      case 'function': {
        const opening: BlockOpening = { char: '<', explicit: tag.wrapped, source: tag.source };
        this.#block = ActionBlock.ofFunction(this.#tools, opening, tag.name, (event) =>
          this.#events.push(event),
        );
        this.#mode = 'block';
        return index + 1;
      }
      case 'text':
        this.#showInline(tag.source);
        return index;
      default:
        return tag.state satisfies never;
    }
  }

  #beginBlock(opening?: BlockOpening): ActionBlock {
    const fence: BlockOpening = {
      char: this.#opening.char,
      explicit: this.#meaning() === 'action',
      source: this.#held,
    };
    this.#held = '';
    const block = new ActionBlock(this.#tools, opening ?? fence, this.#emit);
    this.#block = block;
    this.#mode = 'block';
    return block;
  }

  #readBlock(text: string, from: number): number {
    const block = this.#block;
    if (!block) return text.length;
    const to = block.push(text, from);
    if (block.state === 'open') return to;
    this.#block = undefined;
    if (block.state === 'rejected') {
      if (block.source.startsWith('<')) this.#showInline(block.source);
      else this.#showFence(block.source);
      return to;
    }
    if (block.leaves === 'new-line') this.#line.newLine();
    else this.#line.moveInline();
    this.#mode = block.leaves === 'closing-line' ? 'closed' : 'text';
    // At most a closing that was none; bounded, so reading it again costs nothing.
    if (block.remainder !== '') this.#read(block.remainder);
    return to;
  }

  #readClosed(char: string, index: number): number {
    if (isBlank(char)) return index + 1;
    this.#mode = 'text';
    if (char !== '\n') return index;
    this.#line.newLine();
    return index + 1;
  }

  /** Shows what turned out to be an ordinary fence, and goes on inside it. None of its lines so far can have closed it. */
  #showFence(source: string): void {
    this.#text(source);
    const lineBreak = source.indexOf('\n');
    const firstLine = lineBreak === -1 ? source : source.slice(0, lineBreak);
    if (this.#opening.char === '`' && firstLine.includes('`', this.#opening.run)) {
      this.#line.moveInline();
      this.#mode = 'text';
    } else if (lineBreak === -1) {
      this.#mode = 'info';
    } else {
      this.#beginCode();
      for (let index = lineBreak + 1; index < source.length; index++) this.#fence.pass(source[index] ?? '');
    }
  }

  /** Shows what turned out to be no tag of a call, and goes on behind it. */
  #showInline(source: string): void {
    this.#text(source);
    if (source.includes('\n')) this.#line.newLine();
    else this.#line.moveInline();
    this.#mode = 'text';
  }

  /** What is held is no fence: a code span, or a few backticks in a line. */
  #giveBackInline(index: number): number {
    this.#giveBack();
    if (this.#opening.char === '`') this.#line.passBackticks(this.#opening.run);
    else this.#line.moveInline();
    this.#mode = 'text';
    return index;
  }

  #giveBack(): void {
    this.#text(this.#held);
    this.#held = '';
  }

  #text(text: string): void {
    if (text !== '') this.#emit({ type: 'text', text });
  }

  /** Neighbours of one kind become one event, so that one piece of output makes few. */
  readonly #emit = (event: ActionEvent): void => {
    const last = this.#events.at(-1);
    if (event.type === 'text' && last?.type === 'text') {
      this.#events[this.#events.length - 1] = { type: 'text', text: last.text + event.text };
    } else if (event.type === 'call-delta' && last?.type === 'call-delta') {
      this.#events[this.#events.length - 1] = { type: 'call-delta', input: last.input + event.input };
    } else {
      this.#events.push(event);
    }
  };
}
