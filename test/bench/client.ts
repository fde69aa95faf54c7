import { Agent, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { epochMs } from './epoch.ts';
import type { Upstream } from './processes.ts';
import { upstreamRequest } from './upstream-request.mjs';

/** What a client saw of an answer. Milliseconds. */
export interface Answer {
  readonly firstMs: number;
  readonly endMs: number;
  /** Content events. */
  readonly events: number;
  /** From the moment a chunk was made to its arrival, for each chunk that says when that was. */
  readonly delays: readonly number[];
  /** From each piece of content to the next. */
  readonly gaps: readonly number[];
}

export interface Request {
  readonly path: string;
  readonly body: string;
  readonly headers?: OutgoingHttpHeaders;
}

// The upstream ends idle connections after five seconds.
const agent = new Agent({ keepAlive: true, noDelay: true, timeout: 3_000 });
/** Stands in each chunk of content, whichever form its event has. */
const marker = 'steady text';
const stamped = /steady text (\d+\.\d+)/g;

/** Sends a request to a proxy and reads the answer to its end. Rejects when it is refused. */
export function chat(url: string, request: Request, onFirst?: () => void): Promise<Answer> {
  const { path, body, headers } = request;
  return exchange(
    url,
    {
      method: 'POST',
      path,
      body,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    },
    onFirst,
  );
}

/** Sends the same request to the upstream itself. Building and signing it is not part of the time. */
export function chatDirectly({ url, login }: Upstream, { body }: Request): Promise<Answer> {
  return exchange(url, upstreamRequest(JSON.parse(body), login));
}

function exchange(
  url: string,
  {
    method,
    path,
    headers,
    body,
  }: { method: string; path: string; headers: OutgoingHttpHeaders; body: string },
  onFirst?: () => void,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const delays: number[] = [];
    const gaps: number[] = [];
    let firstMs: number | undefined;
    let last: number | undefined;
    let events = 0;
    const take = (text: string) => {
      const now = performance.now();
      const before = events;
      for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) events++;
      if (events === before) return;
      for (const [, made] of text.matchAll(stamped)) delays.push(epochMs() - Number(made));
      if (last !== undefined) gaps.push(now - last);
      last = now;
      if (firstMs === undefined) {
        firstMs = now - began;
        onFirst?.();
      }
    };
    const request = httpRequest({ hostname, port, agent, method, path, headers }, (answer) => {
      answer.setEncoding('latin1');
      answer.once('data', (text) => {
        if (answer.statusCode !== 200) reject(new Error(`${url}${path}: ${answer.statusCode} ${text}`));
      });
      answer.on('data', take);
      answer.on('end', () => {
        if (firstMs === undefined) return reject(new Error(`${url}${path} answered without content.`));
        resolve({ firstMs, endMs: performance.now() - began, events, delays, gaps });
      });
      answer.on('error', (error) => reject(new Error(`${url}${path}: ${error.message}`)));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Runs `count` pieces of work, `clients` at a time. */
export async function inParallel<Result>(
  clients: number,
  count: number,
  work: () => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let left = count;
  const client = async () => {
    while (left-- > 0) results.push(await work());
  };
  await Promise.all(Array.from({ length: clients }, client));
  return results;
}
