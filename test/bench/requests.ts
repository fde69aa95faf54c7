import sharp from 'sharp';
import type { Request } from './client.ts';

/** Requests as clients send them: what they hold, and what they want to be answered with (see upstream.ts). */

const words = 'The quick brown fox jumps over the lazy dog, reads src/main.ts and says "done"\n';
/** The model with the longest context. */
const model = 'dashscope_qmodel';

interface Message {
  readonly role: string;
  readonly content: string;
}

/** One kilobyte. */
export function smallRequest(chunks: number, rate = 0): Request {
  return chatCompletion([smallMessage(chunks, rate)]);
}

/** As coding agents send it: 300 KB with 25 tools. */
export function agentRequest(chunks: number, rate = 0): Request {
  const tools = manyTools(25);
  return chatCompletion(history(300_000 - JSON.stringify(tools).length, chunks, rate), { tools });
}

/** A small question, and some tools that the answer might call. */
export function toolRequest(chunks: number, rate = 0): Request {
  return chatCompletion([smallMessage(chunks, rate)], { tools: manyTools(5) });
}

/** A conversation of so many bytes, in messages of 8 KB. */
export function longRequest(bytes: number, chunks: number, rate = 0): Request {
  return chatCompletion(history(bytes, chunks, rate));
}

/** A picture that is 5 MB in base64. */
export async function imageRequest(chunks: number): Promise<Request> {
  const url = `data:image/png;base64,${(await noisyPng(1_120)).toString('base64')}`;
  const content = [
    { type: 'image_url', image_url: { url } },
    { type: 'text', text: smallMessage(chunks, 0).content },
  ];
  return chatCompletion([{ role: 'user', content }]);
}

/** The same question in each API. */
export function requestsByApi(chunks: number): Readonly<Record<string, Request>> {
  const { content } = smallMessage(chunks, 0);
  return {
    'Chat Completions': smallRequest(chunks),
    Responses: {
      path: '/v1/responses',
      body: JSON.stringify({ model, stream: true, store: false, input: content }),
    },
    Messages: {
      path: '/v1/messages',
      body: JSON.stringify({
        model,
        stream: true,
        max_tokens: 4_096,
        messages: [{ role: 'user', content }],
      }),
      headers: { 'anthropic-version': '2023-06-01' },
    },
  };
}

function smallMessage(chunks: number, rate: number): Message {
  return { role: 'user', content: `${words.repeat(11)}${wish(chunks, rate)}` };
}

function history(size: number, chunks: number, rate: number): Message[] {
  const messages: Message[] = [{ role: 'system', content: 'Be brief.' }];
  const text = words.repeat(100);
  for (let length = 0; length < size; length += 2 * text.length) {
    messages.push({ role: 'user', content: text }, { role: 'assistant', content: text });
  }
  messages.push({ role: 'user', content: wish(chunks, rate) });
  return messages;
}

function manyTools(count: number): object[] {
  return Array.from({ length: count }, (_, index) => tool(index));
}

function tool(index: number): object {
  const property = { type: 'string', description: words.repeat(3) };
  const properties = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`field_${at}`, property]));
  return {
    type: 'function',
    function: {
      name: `tool_${index}`,
      description: words.repeat(20),
      parameters: { type: 'object', properties, required: ['field_0'] },
    },
  };
}

function wish(chunks: number, rate: number): string {
  return `bench:${chunks}:${rate}`;
}

function chatCompletion(messages: readonly object[], rest: object = {}): Request {
  return {
    path: '/v1/chat/completions',
    body: JSON.stringify({ model, stream: true, messages, ...rest }),
  };
}

/** A square of noise, which no compression makes much smaller. */
function noisyPng(side: number): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 80 } as const;
  return sharp({ create: { width: side, height: side, channels: 3, background: 'grey', noise } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
