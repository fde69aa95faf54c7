import { request as httpRequest } from 'node:http';
import { eventsOf, type Json, type Way } from './ways.ts';

/** What came of a request: a whole answer, or an error as the dialect has them. Anything else is thrown. */
export type Outcome = { readonly text: string } | { readonly status: number; readonly error: Json };

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Asks on a connection of its own, so that none is left over, and judges the answer strictly. */
export async function ask(url: string, way: Way): Promise<Outcome> {
  const { status, text } = await send(url + way.path, way.body);
  if (status !== 200) return errorOf(way, status, JSON.parse(text) as Json);
  const answer = way.streams ? eventsOf(text) : [JSON.parse(text) as Json];
  const last = answer.at(-1);
  if (way.streams && last && way.isError(last)) return errorOf(way, status, last);
  return { text: way.textOf(answer) };
}

function errorOf(way: Way, status: number, error: Json): Outcome {
  if (!way.isError(error)) throw new Error(`${status} is no error of this dialect: ${JSON.stringify(error)}`);
  return { status, error };
}

/** Rejects when the answer ends before its end. */
function send(url: string, value: object | undefined): Promise<Answer> {
  const body = value === undefined ? '' : JSON.stringify(value);
  const options =
    body === ''
      ? { method: 'GET' }
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        };
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { ...options, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece) => {
        text += piece;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
