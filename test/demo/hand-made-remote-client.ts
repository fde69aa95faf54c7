// A client of the remote API written only from what is known of the wire, and on purpose sharing nothing with the
// simulator or the product: a second opinion on both.
import { createHash, randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import * as z from 'zod';
import type { Simulator } from '../../src/demo/simulator.ts';

export const chatUrl =
  '/algo/api/v2/service/pro/sse/agent_chat_generation?FetchKeys=llm_model_result&AgentId=agent_common';

export interface HandMadeRequest {
  method?: string;
  url?: string;
  body?: string;
  /** Changes to the headers; undefined removes one. */
  headers?: Record<string, string | undefined>;
  /** What goes into the signature instead of the truth. */
  signed?: { body?: string; path?: string; date?: string; key?: string; payload?: string };
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  /** Each piece as it arrived. */
  pieces: Buffer[];
  text: string;
  /** Whether the body ended as it should, or the connection broke. */
  complete: boolean;
}

const messageExtras = {
  response_meta: { id: '', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
  reasoning_content_signature: '',
};

/** A message with what belongs to each. */
export function message(role: string, content: string | null, more: object = {}): object {
  return { role, content, ...more, ...messageExtras };
}

export function toolCall(id: string, name: string, args: string): object {
  return { id, type: 'function', function: { name, arguments: args } };
}

export function tool(name: string): object {
  return {
    type: 'function',
    function: { name, description: 'does', parameters: { type: 'object', properties: {} } },
  };
}

/** A correct chat body, with changes at its top level; undefined removes a field. */
export function chatBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const id = randomUUID().replaceAll('-', '');
  const body: Record<string, unknown> = {
    request_id: id,
    request_set_id: '',
    chat_record_id: id,
    stream: true,
    image_urls: null,
    is_reply: false,
    is_retry: false,
    session_id: '',
    code_language: '',
    source: 0,
    version: '3',
    chat_prompt: '',
    parameters: { temperature: 0.1 },
    aliyun_user_type: 'personal_standard',
    agent_id: 'agent_common',
    task_id: 'question_refine',
    model_config: modelConfig('kmodel'),
    messages: [message('system', 'Be brief.'), message('user', 'Say hello. 你好')],
    business: {
      product: 'jb_plugin',
      version: '2.11.2',
      type: 'memory',
      id: randomUUID(),
      begin_at: Date.now(),
      stage: 'start',
      name: `memory_intent_recognition_${id}`,
    },
    ...changes,
  };
  return body;
}

export function modelConfig(key: string, changes: object = {}): object {
  return {
    key,
    display_name: '',
    model: key,
    format: '',
    is_vl: false,
    is_reasoning: false,
    api_key: '',
    url: '',
    source: '',
    enable: false,
    ...changes,
  };
}

/** The same request as the IDE's own client makes it, its body still plain. */
export function ideBody(): Record<string, unknown> {
  return chatBody({
    session_id: randomUUID(),
    aliyun_user_type: 'enterprise_standard',
    model_config: modelConfig('kmodel', { model: '' }),
    business: {
      product: 'ide',
      version: '0.11.0',
      type: 'chat',
      name: 'api-bridge',
      begin_at: 0,
      relation: {},
    },
  });
}

/** The headers and signature of a request, right in every way unless told otherwise. */
export function signedHeaders(simulator: Simulator, request: HandMadeRequest): Record<string, string> {
  const { login } = simulator;
  const { url = chatUrl, body = '', signed = {} } = request;
  const version = request.headers?.['cosy-version'] ?? '2.11.2';
  const payload =
    signed.payload ??
    JSON.stringify({
      cosyVersion: version,
      ideVersion: '',
      info: login.encryptUserInfo,
      requestId: randomUUID(),
      version: 'v1',
    });
  const payload64 = Buffer.from(payload).toString('base64');
  const date = signed.date ?? String(Math.floor(Date.now() / 1000));
  const path = signed.path ?? url.split('?')[0]?.slice('/algo'.length) ?? '';
  const text = [payload64, signed.key ?? login.key, date, signed.body ?? body, path].join('\n');
  const signature = createHash('md5').update(text, 'utf8').digest('hex');
  const headers: Record<string, string | undefined> = {
    'content-type': 'application/json',
    appcode: 'cosy',
    'cosy-key': login.key,
    'cosy-user': login.uid,
    'cosy-machineid': login.machineId,
    'cosy-clientip': '198.18.0.1',
    'cosy-clienttype': '2',
    'cosy-machineos': 'x86_64_linux',
    'cosy-machinetoken': '',
    'cosy-machinetype': '',
    'cosy-version': version,
    'cosy-date': date,
    'login-version': 'v2',
    accept: (request.method ?? 'POST') === 'GET' ? 'application/json' : 'text/event-stream',
    'cache-control': 'no-cache',
    authorization: `Bearer COSY.${payload64}.${signature}`,
    ...request.headers,
  };
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) present[name] = value;
  return present;
}

/** Sends it, and reads the answer to its end or to where the connection breaks. */
export function send(simulator: Simulator, request: HandMadeRequest, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const outgoing = httpRequest(
      simulator.remote.url + (request.url ?? chatUrl),
      {
        method: request.method ?? 'POST',
        headers: signedHeaders(simulator, request),
        agent: false,
        ...(signal === undefined ? {} : { signal }),
      },
      (incoming) => {
        answered = true;
        const pieces: Buffer[] = [];
        const settle = () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            pieces,
            text: Buffer.concat(pieces).toString('utf8'),
            complete: incoming.complete,
          });
        incoming.on('data', (piece: Buffer) => pieces.push(piece));
        incoming.on('error', () => undefined);
        incoming.on('close', settle);
      },
    );
    // Once there is a response, its own end tells the story.
    outgoing.on('error', (error) => {
      if (!answered) reject(error);
    });
    outgoing.end(request.body ?? '');
  });
}

/** Sends a chat body. */
export function chat(
  simulator: Simulator,
  body: object = chatBody(),
  rest: HandMadeRequest = {},
): Promise<Answer> {
  return send(simulator, { ...rest, body: JSON.stringify(body) });
}

/** What a stream says, put together again. */
export interface Told {
  content: string;
  reasoning: string;
  calls: { id: string | undefined; name: string; arguments: string }[];
  finishReason: string | undefined;
  usage: unknown;
  /** Events in their order: `chunk`, `[DONE]`, `done`, `finish`, `error`. */
  order: string[];
}

const chunkShape = z.object({
  choices: z.array(
    z.object({
      delta: z.object({
        content: z.string().optional(),
        reasoning_content: z.string().optional(),
        tool_calls: z
          .array(
            z.object({
              index: z.number().optional(),
              id: z.string().optional(),
              function: z.object({ name: z.string().optional(), arguments: z.string() }),
            }),
          )
          .optional(),
      }),
      finish_reason: z.string().nullable(),
    }),
  ),
  usage: z.unknown().optional(),
});

const eventShape = z.looseObject({
  statusCodeValue: z.number().optional(),
  body: z.string().optional(),
  usage: z.unknown().optional(),
});

/** Reads the stream of an answer. Throws when an event is not what it should be. */
export function readStream(text: string): Told {
  const told: Told = {
    content: '',
    reasoning: '',
    calls: [],
    finishReason: undefined,
    usage: undefined,
    order: [],
  };
  for (const block of text.split(/\r?\n\r?\n/)) {
    const line = block.split(/\r?\n/).find((each) => each.startsWith('data:'));
    if (line === undefined) continue;
    const data = line.slice(5).trim();
    if (data === '[DONE]') {
      told.order.push('done');
      continue;
    }
    const event = eventShape.parse(JSON.parse(data));
    if ((event.statusCodeValue ?? 0) >= 400) told.order.push('error');
    else if (event.body === '[DONE]') told.order.push('[DONE]');
    else if ('totalDuration' in event) {
      told.order.push('finish');
      told.usage = event.usage ?? told.usage;
    } else readChunk(event.body === undefined ? event : JSON.parse(event.body), told);
  }
  return told;
}

function readChunk(value: unknown, told: Told): void {
  const chunk = chunkShape.parse(value);
  told.order.push('chunk');
  told.usage = chunk.usage ?? told.usage;
  const choice = chunk.choices[0];
  if (choice === undefined) return;
  told.finishReason = choice.finish_reason ?? told.finishReason;
  told.content += choice.delta.content ?? '';
  told.reasoning += choice.delta.reasoning_content ?? '';
  for (const fragment of choice.delta.tool_calls ?? []) {
    const index = fragment.index ?? 0;
    const call = told.calls[index] ?? { id: undefined, name: '', arguments: '' };
    told.calls[index] = call;
    call.id ??= fragment.id;
    call.name += fragment.function.name ?? '';
    call.arguments += fragment.function.arguments;
  }
}
