import { at, eventsOf, type Json } from '../faults/ways.ts';
import type { ApiName, Plan, PlannedAnswer } from './plan.ts';

/** An API as the soak's clients speak it. */
export interface Dialect {
  readonly path: string;
  body(plan: Plan): object;
  /** What a whole answer says. */
  read(answer: Json): PlannedAnswer;
  /** What a stream's events say. */
  readStream(events: readonly Json[]): PlannedAnswer;
  /** Whether this value is what ends an answer well: of a whole body, or a stream's last event. */
  isComplete(value: Json): boolean;
}

/** A red pixel. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const pixelUrl = `data:image/png;base64,${pixel}`;

const parameters = {
  type: 'object',
  properties: { path: { type: 'string' }, content: { type: 'string' } },
  required: ['path', 'content'],
};
const tool = { name: 'write_file', description: 'Writes a file.' };

/** What the simulated model knows the plan by. */
export const question = ({ seed }: Plan): string => `Please answer. [soak ${seed}]`;

export const dialects: Readonly<Record<ApiName, Dialect>> = {
  chat: {
    path: '/v1/chat/completions',
    body: (plan) => ({
      model: 'kmodel',
      stream: plan.stream,
      messages: [
        ...past(plan),
        {
          role: 'user',
          content: plan.image
            ? [
                { type: 'text', text: question(plan) },
                { type: 'image_url', image_url: { url: pixelUrl } },
              ]
            : question(plan),
        },
      ],
      ...(plan.reasons && { reasoning_effort: 'low' }),
      ...(plan.tools && { tools: [{ type: 'function', function: { ...tool, parameters } }] }),
    }),
    read: (answer) => {
      const message = at(answer, 'choices', 0, 'message');
      return {
        reasoning: textAt(message, 'reasoning_content'),
        text: textAt(message, 'content'),
        calls: listAt(message, 'tool_calls').map((call) =>
          callOf(textAt(call, 'function', 'name'), textAt(call, 'function', 'arguments')),
        ),
      };
    },
    readStream: (events) => {
      const calls: { name: string; text: string }[] = [];
      for (const event of events) {
        for (const fragment of listAt(event, 'choices', 0, 'delta', 'tool_calls')) {
          const index = Number(at(fragment, 'index'));
          const call = calls[index] ?? { name: '', text: '' };
          calls[index] = call;
          call.name += textAt(fragment, 'function', 'name');
          call.text += textAt(fragment, 'function', 'arguments');
        }
      }
      return {
        reasoning: joined(events, 'choices', 0, 'delta', 'reasoning_content'),
        text: joined(events, 'choices', 0, 'delta', 'content'),
        calls: calls.map(({ name, text }) => callOf(name, text)),
      };
    },
    isComplete: (value) =>
      value['data'] === '[DONE]' || typeof at(value, 'choices', 0, 'finish_reason') === 'string',
  },
  responses: {
    path: '/v1/responses',
    body: (plan) => ({
      model: 'kmodel',
      stream: plan.stream,
      store: false,
      input: [
        ...past(plan),
        {
          role: 'user',
          content: [
            { type: 'input_text', text: question(plan) },
            ...(plan.image ? [{ type: 'input_image', image_url: pixelUrl }] : []),
          ],
        },
      ],
      ...(plan.reasons && { reasoning: { effort: 'low', summary: 'auto' } }),
      ...(plan.tools && { tools: [{ type: 'function', ...tool, parameters }] }),
    }),
    read: (answer) => readOutput(answer),
    readStream: (events) => {
      const whole = readOutput(at(events.at(-1), 'response'));
      const text = joined(
        events.filter(({ type }) => type === 'response.output_text.delta'),
        'delta',
      );
      if (text !== whole.text) throw new Error('the deltas are not the text of the whole response');
      return whole;
    },
    isComplete: (value) => value['status'] === 'completed' || value['type'] === 'response.completed',
  },
  messages: {
    path: '/v1/messages',
    body: (plan) => ({
      model: 'kmodel',
      stream: plan.stream,
      max_tokens: 16_000,
      messages: [
        ...past(plan),
        {
          role: 'user',
          content: [
            { type: 'text', text: question(plan) },
            ...(plan.image
              ? [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } }]
              : []),
          ],
        },
      ],
      ...(plan.reasons && { thinking: { type: 'enabled', budget_tokens: 1_024 } }),
      ...(plan.tools && { tools: [{ ...tool, input_schema: parameters }] }),
    }),
    read: (answer) => {
      const blocks = listAt(answer, 'content');
      return {
        reasoning: joined(blocks, 'thinking'),
        text: joined(blocks, 'text'),
        calls: blocks
          .filter((block) => at(block, 'type') === 'tool_use')
          .map((block) => callOf(textAt(block, 'name'), JSON.stringify(at(block, 'input')))),
      };
    },
    readStream: (events) => {
      const calls = events
        .filter((event) => at(event, 'content_block', 'type') === 'tool_use')
        .map((event) => {
          const deltas = events.filter(({ index }) => index === event['index']);
          return callOf(textAt(event, 'content_block', 'name'), joined(deltas, 'delta', 'partial_json'));
        });
      return {
        reasoning: joined(events, 'delta', 'thinking'),
        text: joined(events, 'delta', 'text'),
        calls,
      };
    },
    isComplete: (value) => typeof value['stop_reason'] === 'string' || value['type'] === 'message_stop',
  },
};

/** What an answer's body says. Throws when it is not one that came to its end. */
export function readAnswer(plan: Plan, body: string): PlannedAnswer {
  const dialect = dialects[plan.api];
  const events = plan.stream ? eventsOf(body) : [JSON.parse(body) as Json];
  const last = events.at(-1) ?? {};
  if (!dialect.isComplete(last)) throw new Error(`no end: ${JSON.stringify(last).slice(0, 500)}`);
  return plan.stream ? dialect.readStream(events) : dialect.read(last);
}

function past({ history }: Plan): object[] {
  if (history === '') return [];
  return [
    { role: 'user', content: history },
    { role: 'assistant', content: 'I see.' },
  ];
}

function readOutput(response: unknown): PlannedAnswer {
  const items = listAt(response, 'output');
  const ofType = (type: string) => items.filter((item) => at(item, 'type') === type);
  return {
    reasoning: ofType('reasoning')
      .map((item) => joined(listAt(item, 'summary'), 'text'))
      .join(''),
    text: ofType('message')
      .map((item) => joined(listAt(item, 'content'), 'text'))
      .join(''),
    calls: ofType('function_call').map((item) => callOf(textAt(item, 'name'), textAt(item, 'arguments'))),
  };
}

function callOf(name: string, json: string): PlannedAnswer['calls'][number] {
  return { name, input: JSON.parse(json) as object };
}

function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

function joined(values: readonly unknown[], ...path: readonly (string | number)[]): string {
  return values.map((value) => textAt(value, ...path)).join('');
}
