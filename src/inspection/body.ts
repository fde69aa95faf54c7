import { ProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';
import type { Turn } from '../core/turn.ts';
import type { KeptRequest, KeptText } from '../recording/record.ts';
import type { Redactor } from '../recording/redaction.ts';
import type { Body, BodyPart } from '../shared/inspector-calls.ts';
import { imageBytes } from './kept-images.ts';
import { readAnswer } from './read-answer.ts';
import { readTurn } from './read-turn.ts';

/** One of the bodies of a request, as it went over a wire or as the proxy understood it. */
export async function readBody(request: KeptRequest, part: BodyPart, redactor: Redactor): Promise<Body> {
  switch (part.pane) {
    case 'client':
      return wireBody(request.readBody(part.side));
    case 'upstream':
      return wireBody(messagesApart(request.readBody(part.side, part.exchange)));
    case 'turn':
      return part.side === 'request' ? turnBody(request) : answerBody(request, redactor);
    default:
      return part satisfies never;
  }
}

/** The messages of JSON-RPC come without anything between them. */
function messagesApart(kept: KeptText | undefined): KeptText | undefined {
  return kept && { ...kept, text: kept.text.replaceAll('}{"jsonrpc":', '}\n{"jsonrpc":') };
}

function wireBody(kept: KeptText | undefined): Body {
  if (!kept) {
    throw new ProxyError('not-found', phrase('This request has no such exchange with the upstream.'));
  }
  return { ...kept, format: formatOf(kept.text) };
}

function formatOf(text: string): Body['format'] {
  // Several values, one a line, are no JSON.
  if (/^\{[^\n]*\}\n\{/.test(text)) return 'text';
  if (/^\s*[{[]/.test(text)) return 'json';
  return /^(?:event|data|id|retry|):/.test(text) ? 'event-stream' : 'text';
}

function turnBody(request: KeptRequest): Body {
  const { turn } = readTurn(request);
  if (!turn) return { text: '', format: 'text', omitted: 0 };
  const { omitted = 0 } = request.readBody('request') ?? {};
  return { text: stringify(turn), format: 'json', omitted };
}

async function answerBody(request: KeptRequest, redactor: Redactor): Promise<Body> {
  const answer = await readAnswer(request, redactor);
  if (!answer) return { text: '', format: 'text', omitted: 0 };
  const { isComplete, reason, usage, ...rest } = answer;
  const shown = isComplete ? { ...rest, reason, usage } : rest;
  return { text: JSON.stringify(shown, null, 2), format: 'json', omitted: 0 };
}

/** With the sizes of images instead of what stands in for them. */
function stringify(turn: Turn): string {
  return JSON.stringify(turn, (_key, value: unknown) => (isImage(value) ? withoutData(value) : value), 2);
}

type Image = Extract<Turn['messages'][number]['content'][number], { type: 'image' }>;

function isImage(value: unknown): value is Image {
  return (
    typeof value === 'object' &&
    value !== null &&
    Reflect.get(value, 'type') === 'image' &&
    typeof Reflect.get(value, 'source') === 'object'
  );
}

function withoutData(image: Image): object {
  if (image.source.kind !== 'base64') return image;
  return { ...image, source: { ...image.source, data: `[redacted base64, ${imageBytes(image)} bytes]` } };
}
