import type { Message, Tool, Turn, UserContent } from './turn.ts';

/** Tokens that an image stands for when nobody said otherwise. */
const tokensPerImage = 1_100;
/** Tokens that frame one message, call or tool. */
const tokensPerItem = 4;

/**
 * Estimates how many tokens a text is worth, by script: about four characters a token for Latin letters and code, one for
 * each ideograph, kana or hangul syllable. Linear; never zero for a text that is not empty.
 */
export function estimateTextTokens(text: string): number {
  // Most of what agents send is ASCII, which the runtime tells faster than any loop of ours.
  if (Buffer.byteLength(text) === text.length) return Math.ceil(text.length / 4);
  return tokensOf(text.length, wideCharacters(text));
}

/** The same estimate for a text that comes in pieces, which need not be kept for it. */
export class TokenEstimate {
  #characters = 0;
  #wide = 0;

  get tokens(): number {
    return tokensOf(this.#characters, this.#wide);
  }

  add(text: string): void {
    this.#characters += text.length;
    this.#wide += wideCharacters(text);
  }
}

function tokensOf(characters: number, wide: number): number {
  return Math.ceil((characters - wide) / 4 + wide);
}

function wideCharacters(text: string): number {
  let wide = 0;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) >= 0x2e80) wide++;
  }
  return wide;
}

/** A turn is never changed, and several ask about the same one. */
const known = new WeakMap<Turn, number>();

/** Estimates the tokens of all that a turn sends: instructions, messages, calls, results, images and tool definitions. */
export function estimateTurnTokens(turn: Turn): number {
  const tokens = known.get(turn) ?? countTurn(turn);
  known.set(turn, tokens);
  return tokens;
}

function countTurn(turn: Turn): number {
  let tokens = 0;
  for (const block of turn.system) tokens += estimateTextTokens(block) + tokensPerItem;
  for (const message of turn.messages) tokens += estimateMessageTokens(message);
  for (const tool of turn.tools) tokens += estimateToolTokens(tool);
  return tokens;
}

function estimateMessageTokens(message: Message): number {
  let tokens = tokensPerItem;
  for (const part of message.content) {
    switch (part.type) {
      case 'reasoning':
        break;
      case 'tool-call':
        tokens += estimateTextTokens(part.name) + estimateTextTokens(part.input) + tokensPerItem;
        break;
      default:
        tokens += estimateContentTokens(part);
    }
  }
  return tokens;
}

function estimateContentTokens(part: UserContent): number {
  switch (part.type) {
    case 'text':
      return estimateTextTokens(part.text);
    case 'image':
      return tokensPerImage;
    case 'tool-result':
      return part.content.reduce((sum, piece) => sum + estimateContentTokens(piece), tokensPerItem);
    default:
      return part satisfies never;
  }
}

function estimateToolTokens(tool: Tool): number {
  const shape = tool.kind === 'function' ? JSON.stringify(tool.inputSchema) : (tool.format?.definition ?? '');
  return (
    estimateTextTokens(tool.name) +
    estimateTextTokens(tool.description) +
    estimateTextTokens(shape) +
    tokensPerItem
  );
}
