import { toProxyError } from '../core/errors.ts';
import { isRecord } from '../core/json.ts';
import type { Protocol } from '../core/protocol.ts';
import type { Message, Turn } from '../core/turn.ts';
import { anthropicMessages } from '../protocols/anthropic/protocol.ts';
import { openAiChat } from '../protocols/openai-chat/protocol.ts';
import { createOpenAiResponses } from '../protocols/openai-responses/protocol.ts';
import type { KeptRequest } from '../recording/record.ts';
import { chatTurnSchema } from './chat-turn.ts';
import { parseBeginning } from './complete-json.ts';
import { withStandIns } from './kept-images.ts';

/** A request as the proxy understood it, as far as the record can tell. */
export interface ReadTurn {
  readonly turn: Turn | undefined;
  /** What is missing and why, in sentences. */
  readonly incomplete: readonly string[];
}

/** Decodes the kept body of a request as its dialect does. */
export function readTurn(request: KeptRequest): ReadTurn {
  const { api, path } = request.toSummary();
  const { text, omitted } = request.readBody('request') ?? { text: '', omitted: 0 };
  if (text === '') {
    return {
      turn: undefined,
      incomplete: omitted > 0 ? ['The body was not recorded (see the setting recordBodies).'] : [],
    };
  }
  const incomplete: string[] = [];
  if (omitted > 0) {
    incomplete.push(
      `The record keeps only the beginning of this body: ${omitted} characters are missing (see the setting recordBodyLimitMegabytes).`,
    );
  }
  const json = withStandIns(parseBeginning(text));
  if (json === undefined) return { turn: undefined, incomplete: [...incomplete, 'The body is not JSON.'] };
  return decode(apiOf(api, path), json, incomplete);
}

function decode(api: string, json: unknown, incomplete: string[]): ReadTurn {
  if (api === 'vscode-chat') return { turn: readChatTurn(json), incomplete };
  const protocol = protocolOf(api, incomplete);
  if (!protocol) return { turn: undefined, incomplete };
  try {
    return { turn: protocol.decodeRequest(json).turn, incomplete };
  } catch (error) {
    return {
      turn: looseTurn(json),
      incomplete: [...incomplete, `The proxy cannot read this request: ${toProxyError(error).message}`],
    };
  }
}

/** A request that was refused never got its dialect into the record; its path tells. */
function apiOf(api: string, path: string): string {
  if (api !== '') return api;
  const [plain = ''] = path.split('?', 1);
  if (plain.includes('/messages')) return 'messages';
  if (plain.endsWith('/responses')) return 'openai-responses';
  return plain.endsWith('/completions') ? 'openai-chat' : '';
}

function protocolOf(api: string, incomplete: string[]): Protocol | undefined {
  switch (api) {
    case 'messages':
      return anthropicMessages;
    case 'openai-chat':
      return openAiChat;
    case 'openai-responses':
      return createOpenAiResponses({
        conversation: () => {
          incomplete.push('What came before is in the responses that previous_response_id names.');
          return [];
        },
        item: () => undefined,
        save() {},
      });
    default:
      return undefined;
  }
}

function readChatTurn(json: unknown): Turn | undefined {
  const parsed = chatTurnSchema.safeParse(json);
  return parsed.success ? bareTurn(parsed.data) : undefined;
}

/** The plain texts of a request that its dialect refuses: better than nothing. */
function looseTurn(json: unknown): Turn | undefined {
  if (!isRecord(json)) return undefined;
  const list = json['messages'] ?? json['input'];
  const items: readonly unknown[] = Array.isArray(list) ? list : list === undefined ? [] : [list];
  const messages = items.map((item): Message => {
    const role = isRecord(item) && item['role'] === 'assistant' ? 'assistant' : 'user';
    return { role, content: [{ type: 'text', text: textsIn(isRecord(item) ? item['content'] : item) }] };
  });
  const system = textsIn(json['system'] ?? json['instructions']);
  return bareTurn({ system: system === '' ? [] : [system], messages, tools: [] });
}

function textsIn(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .filter((text) => text !== '')
    .join('\n');
}

function bareTurn(parts: Pick<Turn, 'system' | 'messages' | 'tools'>): Turn {
  return {
    model: '',
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'whole',
    metadata: {},
    ...parts,
  };
}
