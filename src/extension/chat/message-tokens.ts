import { isRecord } from '../../core/json.ts';
import { estimateTextTokens } from '../../core/tokens.ts';

/** Tokens that frame a message or a part of it, and that an image stands for, as the estimate of a whole turn has it. */
const framing = 4;
const image = 1_100;

/**
 * Estimates the tokens of a text, or of a chat message. Hosts hand messages over in two shapes, as objects of the API and as plain
 * data of their own, which name the same things differently: all text in it counts, wherever it stands.
 */
export function estimateMessageTokens(text: unknown): number {
  if (typeof text === 'string') return estimateTextTokens(text);
  if (!isRecord(text)) return 0;
  return framing + partTokens(text);
}

function partTokens(part: unknown): number {
  if (typeof part === 'string') return estimateTextTokens(part);
  if (Array.isArray(part)) return part.reduce((sum: number, each) => sum + partTokens(each), 0);
  if (!isRecord(part)) return 0;
  const { mimeType, name, content, value, input, parameters } = part;
  if (typeof mimeType === 'string') return mimeType.startsWith('image/') ? image : 0;
  const call = input ?? parameters;
  return (
    partTokens(content) +
    partTokens(value) +
    (call === undefined
      ? 0
      : framing +
        estimateTextTokens(JSON.stringify(call)) +
        (typeof name === 'string' ? estimateTextTokens(name) : 0))
  );
}
