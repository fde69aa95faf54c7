import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import { fromFailure } from '../../control/turn-json.ts';
import { ProxyError } from '../../core/errors.ts';
import { tryParseJson } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';

/** Milliseconds of silence on a stream after which the other side counts as lost: it says something every 15 s. */
const mostSilenceMs = 45_000;

const errorBody = z.object({ failure: z.unknown() });

/** Calls the proxy of another process. All failures are `ProxyError`s, or the system's errors. */
export class ControlClient {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** Posts JSON, and resolves to the answer's. */
  async ask(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    const answer = await answerTo(this.#call(path, body, signal));
    return JSON.parse(await text(answer));
  }

  /** The events of an answer, each parsed as JSON. With a body it is posted. Throws when the connection is lost. */
  async *stream(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<unknown, void> {
    const call = this.#call(path, body, signal);
    call.setTimeout(mostSilenceMs, () =>
      call.destroy(new ProxyError('overloaded', phrase('The proxy does not answer any more.'))),
    );
    const answer = await answerTo(call);
    const events: unknown[] = [];
    const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data)) });
    answer.setEncoding('utf8');
    // Leaving the loop destroys the answer, and the connection with it.
    for await (const piece of answer) {
      parser.feed(String(piece));
      yield* events.splice(0);
    }
  }

  #call(path: string, body: unknown, signal: AbortSignal): ClientRequest {
    const call = request(`${this.#url}/control/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      // A connection of its own: one that is kept may be closed by the other side just as it is used again.
      agent: false,
      signal,
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
    return call;
  }
}

async function answerTo(call: ClientRequest): Promise<IncomingMessage> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    call.once('response', resolve);
    // Listened to until the end: what goes wrong after the response is told by the response.
    call.on('error', reject);
  });
  if (answer.statusCode !== undefined && answer.statusCode < 300) return answer;
  throw fromFailure(errorBody.safeParse(tryParseJson(await text(answer))).data?.failure);
}
