import { request as httpRequest, type IncomingMessage } from 'node:http';
import { ProxyError } from '../core/errors.ts';
import { phrase } from '../core/localizer.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { Recorder } from '../recording/recorder.ts';
import { replayHeader } from '../recording/replay-marks.ts';

/** How the proxy reaches itself. */
export interface OwnEndpoint {
  /** Undefined while it does not listen. */
  readonly url: () => string | undefined;
  /** '' where none is asked for. */
  readonly apiKey: () => string;
}

export interface OwnRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The request that this one repeats. */
  readonly replayOf?: string;
}

/**
 * Sends a request to the proxy itself, the way that any client's takes. Resolves to its record once the answer has ended, however it
 * ended. Rejects with `overloaded` when the proxy does not listen.
 */
export async function callSelf(
  { method, path, headers, body, replayOf }: OwnRequest,
  endpoint: OwnEndpoint,
  recorder: Recorder,
): Promise<KeptRequest> {
  const base = endpoint.url();
  if (base === undefined) {
    throw new ProxyError(
      'overloaded',
      phrase('The proxy does not listen yet, or has been stopped. Start it first.'),
    );
  }
  const key = endpoint.apiKey();
  const response = await send(base + path, method, body, {
    ...headers,
    ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
    ...(replayOf === undefined ? {} : { [replayHeader]: recorder.marks.issue(replayOf) }),
  });
  const id = response.headers['x-request-id'];
  await drain(response);
  if (typeof id !== 'string') {
    throw new ProxyError('internal', phrase('{0} did not say which record the request has.', base));
  }
  return ended(recorder, id);
}

function send(
  url: string,
  method: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false }, resolve);
    request.on('error', (error) => {
      reject(
        new ProxyError(
          'internal',
          phrase('The proxy could not reach itself at {0}: {1}.', url, error.message),
          { cause: error },
        ),
      );
    });
    request.end(body);
  });
}

/** Reads on to the end, or to where the connection breaks: the record tells which. */
function drain(response: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    response
      .on('error', () => {})
      .on('close', resolve)
      .resume();
  });
}

/** The record once its request has ended, which is a moment after the client has read the end of it. */
function ended(recorder: Recorder, id: string): Promise<KeptRequest> {
  return new Promise((resolve, reject) => {
    const known = recorder.find(id);
    if (!known) {
      reject(new ProxyError('not-found', phrase('Request {0} is not kept any more.', id)));
    } else if (known.hasEnded) {
      resolve(known);
    } else {
      const stop = recorder.onSettled((request) => {
        if (request.id !== id) return;
        stop();
        resolve(request);
      });
    }
  });
}
