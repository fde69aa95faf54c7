import { EventSourceParserStream } from 'eventsource-parser/stream';

/** One event of a stream as it went over the wire. */
export interface WireEvent {
  /** The `event:` line; undefined when there was none. */
  readonly name: string | undefined;
  readonly data: string;
}

/** The events of an answer, one after the other. */
async function* readEvents(response: Response): AsyncGenerator<WireEvent> {
  if (!response.body) return;
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { event, data } of events) yield { name: event, data };
}

/** All events of an answer. */
export function allEvents(response: Response): Promise<WireEvent[]> {
  return gather(readEvents(response));
}

/** All that an iteration gives. */
export async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
