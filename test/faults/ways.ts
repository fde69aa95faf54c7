import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** One way to ask: an API, whole or streamed. */
export interface Way {
  readonly name: string;
  readonly path: string;
  readonly body: object;
  readonly streams: boolean;
  /** What a complete answer says. Throws when it is not a complete answer of this dialect. */
  readonly textOf: (answer: readonly Json[]) => string;
  /** Whether this is an error as this dialect has them: of a whole body, or an event of a stream. */
  readonly isError: (value: Json) => boolean;
}

export type Json = Readonly<Record<string, unknown>>;

const messages = [{ role: 'user', content: 'Hello' }];

const isProblem = (value: Json): boolean => {
  const { error } = value;
  return typeof error === 'object' && error !== null && 'message' in error && 'type' in error;
};

export const ways: readonly Way[] = [
  {
    name: 'Chat Completions, whole',
    path: '/v1/chat/completions',
    body: { model: 'kmodel', messages },
    streams: false,
    textOf: ([body]) => {
      expect(at(body, 'choices', 0, 'finish_reason') === 'stop', 'finish_reason stop', body);
      return String(at(body, 'choices', 0, 'message', 'content'));
    },
    isError: isProblem,
  },
  {
    name: 'Chat Completions, streamed',
    path: '/v1/chat/completions',
    body: { model: 'kmodel', messages, stream: true },
    streams: true,
    textOf: (events) => {
      expect(events.at(-1)?.['data'] === '[DONE]', 'a [DONE] at the end', events.at(-1));
      const ends = events.filter((event) => typeof at(event, 'choices', 0, 'finish_reason') === 'string');
      expect(ends.length === 1, 'one finish_reason', ends);
      return events.map((event) => at(event, 'choices', 0, 'delta', 'content') ?? '').join('');
    },
    isError: isProblem,
  },
  {
    name: 'Responses, whole',
    path: '/v1/responses',
    body: { model: 'kmodel', input: 'Hello' },
    streams: false,
    textOf: ([body]) => {
      expect(body?.['status'] === 'completed', 'the status completed', body);
      return String(at(body, 'output', 0, 'content', 0, 'text'));
    },
    isError: isProblem,
  },
  {
    name: 'Responses, streamed',
    path: '/v1/responses',
    body: { model: 'kmodel', input: 'Hello', stream: true },
    streams: true,
    textOf: (events) => {
      expect(
        events.at(-1)?.['type'] === 'response.completed',
        'response.completed at the end',
        events.at(-1),
      );
      return events
        .filter(({ type }) => type === 'response.output_text.delta')
        .map(({ delta }) => delta)
        .join('');
    },
    isError: (value) =>
      isProblem(value) ||
      (value['type'] === 'response.failed' && typeof at(value, 'response', 'error', 'message') === 'string'),
  },
  {
    name: 'Messages, whole',
    path: '/v1/messages',
    body: { model: 'kmodel', max_tokens: 100, messages },
    streams: false,
    textOf: ([body]) => {
      expect(body?.['stop_reason'] === 'end_turn', 'stop_reason end_turn', body);
      return String(at(body, 'content', 0, 'text'));
    },
    isError: (value) => value['type'] === 'error' && isProblem(value),
  },
  {
    name: 'Messages, streamed',
    path: '/v1/messages',
    body: { model: 'kmodel', max_tokens: 100, messages, stream: true },
    streams: true,
    textOf: (events) => {
      expect(events.at(-1)?.['type'] === 'message_stop', 'message_stop at the end', events.at(-1));
      return events.map((event) => at(event, 'delta', 'text') ?? '').join('');
    },
    isError: (value) => value['type'] === 'error' && isProblem(value),
  },
];

/** The events of a stream, each as its JSON; what is not JSON as `{ data }`. */
export function eventsOf(text: string): Json[] {
  const events: Json[] = [];
  const onEvent = ({ data }: EventSourceMessage) => {
    events.push(data.startsWith('{') ? (JSON.parse(data) as Json) : { data });
  };
  createParser({ onEvent }).feed(text);
  return events;
}

/** What stands at a path; undefined when there is nothing. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function expect(holds: boolean, what: string, found: unknown): void {
  if (!holds) throw new Error(`expected ${what}, found ${JSON.stringify(found)}`);
}
