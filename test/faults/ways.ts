import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** One way to ask: an API, whole or streamed. */
export interface Way {
  readonly name: string;
  readonly path: string;
  /** Undefined: a GET. */
  readonly body: object | undefined;
  readonly streams: boolean;
  /** What a complete answer says. Throws when it is not a complete answer of this dialect. */
  readonly textOf: (answer: readonly Json[]) => string;
  /** Whether this is an error as this dialect has them: of a whole body, or an event of a stream. */
  readonly isError: (value: Json) => boolean;
  /** Needs no upstream: it is answered with this whatever is wrong there. */
  readonly alwaysSays?: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** A red pixel. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const pixelUrl = `data:image/png;base64,${pixel}`;

const isProblem = (value: Json): boolean => {
  const { error } = value;
  return typeof error === 'object' && error !== null && 'message' in error && 'type' in error;
};
const isMessagesProblem = (value: Json): boolean => value['type'] === 'error' && isProblem(value);

/** An API that can be asked for a whole answer and for a stream. */
interface Api extends Pick<Way, 'name' | 'path' | 'isError'> {
  readonly body: object;
  readonly wholeText: (body: Json | undefined) => string;
  readonly streamedText: Way['textOf'];
  /** An error in a stream that differs from that of a whole body. */
  readonly isStreamError?: Way['isError'];
}

/** Every way to ask for an answer, with an image if asked to, and two that need no upstream. */
export function waysToAsk({ withImage = false } = {}): readonly Way[] {
  return [...apis(withImage).flatMap(wholeAndStreamed), ...withoutUpstream(withImage)];
}

function wholeAndStreamed(api: Api): Way[] {
  const { name, path, body, isError, isStreamError = isError, wholeText, streamedText } = api;
  return [
    { name: `${name}, whole`, path, body, streams: false, textOf: ([whole]) => wholeText(whole), isError },
    {
      name: `${name}, streamed`,
      path,
      body: { ...body, stream: true },
      streams: true,
      textOf: streamedText,
      isError: isStreamError,
    },
  ];
}

function apis(withImage: boolean): readonly Api[] {
  const part = (type: string, image: object) => [{ type, text: 'Hello' }, ...(withImage ? [image] : [])];
  return [
    {
      name: 'Chat Completions',
      path: '/v1/chat/completions',
      body: {
        model: 'kmodel',
        messages: [
          { role: 'user', content: part('text', { type: 'image_url', image_url: { url: pixelUrl } }) },
        ],
      },
      wholeText: (body) => {
        expect(at(body, 'choices', 0, 'finish_reason') === 'stop', 'finish_reason stop', body);
        return String(at(body, 'choices', 0, 'message', 'content'));
      },
      streamedText: (events) => {
        expect(events.at(-1)?.['data'] === '[DONE]', 'a [DONE] at the end', events.at(-1));
        const ends = events.filter((event) => typeof at(event, 'choices', 0, 'finish_reason') === 'string');
        expect(ends.length === 1, 'one finish_reason', ends);
        return joined(events, 'choices', 0, 'delta', 'content');
      },
      isError: isProblem,
    },
    {
      name: 'Responses',
      path: '/v1/responses',
      body: {
        model: 'kmodel',
        input: [{ role: 'user', content: part('input_text', { type: 'input_image', image_url: pixelUrl }) }],
      },
      wholeText: (body) => {
        expect(body?.['status'] === 'completed', 'the status completed', body);
        return String(at(body, 'output', 0, 'content', 0, 'text'));
      },
      streamedText: (events) => {
        expect(events.at(-1)?.['type'] === 'response.completed', 'response.completed last', events.at(-1));
        return joined(
          events.filter(({ type }) => type === 'response.output_text.delta'),
          'delta',
        );
      },
      isError: isProblem,
      isStreamError: (value) =>
        isProblem(value) ||
        (value['type'] === 'response.failed' &&
          typeof at(value, 'response', 'error', 'message') === 'string'),
    },
    {
      name: 'Messages',
      path: '/v1/messages',
      body: { ...messagesBody(withImage), max_tokens: 100 },
      wholeText: (body) => {
        expect(body?.['stop_reason'] === 'end_turn', 'stop_reason end_turn', body);
        return String(at(body, 'content', 0, 'text'));
      },
      streamedText: (events) => {
        expect(events.at(-1)?.['type'] === 'message_stop', 'message_stop at the end', events.at(-1));
        return joined(events, 'delta', 'text');
      },
      isError: isMessagesProblem,
    },
  ];
}

function messagesBody(withImage: boolean): object {
  const source = { type: 'base64', media_type: 'image/png', data: pixel };
  const content = [{ type: 'text', text: 'Hello' }, ...(withImage ? [{ type: 'image', source }] : [])];
  return { model: 'kmodel', messages: [{ role: 'user', content }] };
}

function withoutUpstream(withImage: boolean): readonly Way[] {
  return [
    {
      name: 'count_tokens',
      path: '/v1/messages/count_tokens',
      body: messagesBody(withImage),
      streams: false,
      textOf: ([body]) => (Number(body?.['input_tokens']) > 0 ? 'counted' : ''),
      isError: isMessagesProblem,
      alwaysSays: 'counted',
    },
    {
      name: 'models',
      path: '/v1/models',
      body: undefined,
      streams: false,
      textOf: ([body]) => (typeof at(body, 'data', 0, 'id') === 'string' ? 'listed' : ''),
      isError: isProblem,
      alwaysSays: 'listed',
    },
  ];
}

/** The texts at a path of each event, where there are some. */
function joined(events: readonly Json[], ...path: readonly (string | number)[]): string {
  return events.map((event) => at(event, ...path) ?? '').join('');
}

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
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function expect(holds: boolean, what: string, found: unknown): void {
  if (!holds) throw new Error(`expected ${what}, found ${JSON.stringify(found)}`);
}
