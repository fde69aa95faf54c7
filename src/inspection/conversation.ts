import type { Image, Message, Tool, Turn } from '../core/turn.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { Redactor } from '../recording/redaction.ts';
import type { Conversation, ConversationMessage, ConversationPart } from '../shared/inspector-calls.ts';
import { imageBytes } from './kept-images.ts';
import { readAnswer } from './read-answer.ts';
import { readTurn } from './read-turn.ts';

type Content = Message['content'][number];

/** The conversation of a request and what was answered to it. */
export async function conversation(request: KeptRequest, redactor: Redactor): Promise<Conversation> {
  const { turn, incomplete } = readTurn(request);
  const answer = await readAnswer(request, redactor);
  const { answerDropped } = request.readAnswer();
  const missing = [...incomplete];
  if (answerDropped > 0) missing.push('Only the beginning of the answer was recorded.');
  return {
    system: turn?.system ?? [],
    tools: (turn?.tools ?? []).map(toolOf),
    messages: [
      ...messagesOf(turn),
      ...(answer === undefined || answer.content.length === 0
        ? []
        : [{ role: 'assistant' as const, isAnswer: true, content: answer.content.map(partOf) }]),
    ],
    ...(missing.length === 0 ? {} : { incomplete: missing.join(' ') }),
  };
}

function messagesOf(turn: Turn | undefined): ConversationMessage[] {
  return (turn?.messages ?? []).map(({ role, content }) => ({
    role,
    isAnswer: false,
    content: content.map(partOf),
  }));
}

function toolOf(tool: Tool): Conversation['tools'][number] {
  const { name, namespace, description } = tool;
  const described = tool.kind === 'function' ? tool.inputSchema : (tool.format ?? {});
  return {
    name: fullName(name, namespace),
    description,
    schema: JSON.stringify(described, null, 2),
  };
}

function partOf(part: Content): ConversationPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'reasoning':
      return { type: 'reasoning', text: part.text };
    case 'image':
      return imageOf(part);
    case 'tool-call':
      return {
        type: 'tool-call',
        id: part.id,
        name: fullName(part.name, part.namespace),
        input: part.input,
      };
    case 'tool-result':
      return {
        type: 'tool-result',
        callId: part.callId,
        isError: part.isError === true,
        content: part.content.map(partOf),
      };
    default:
      return part satisfies never;
  }
}

function imageOf(image: Image): ConversationPart {
  const { source } = image;
  if (source.kind !== 'base64') return { type: 'image', url: source.url };
  const bytes = imageBytes(image);
  const isKnown = !source.mediaType.includes('*');
  return {
    type: 'image',
    ...(isKnown ? { mediaType: source.mediaType } : {}),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

function fullName(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}
