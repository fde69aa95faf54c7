import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a client heard: an answer, or that the connection broke before its end. */
export type Heard =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'broken'; readonly why: string; readonly status: number; readonly body: string };

export interface Posting {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  /** Absent: a connection of its own. */
  readonly agent?: Agent;
  /** Whether the body waits until the server asks for it. */
  readonly expects?: boolean;
  /** Called as soon as the answer's head is there; what it does decides when the body is read. */
  readonly onAnswer?: (answer: IncomingMessage) => void;
}

/** Posts JSON and reads the answer to its end. Never rejects. */
export function post({ port, path, body, agent, expects, onAnswer }: Posting): Promise<Heard> {
  return new Promise((resolve) => {
    let status = 0;
    let text = '';
    const broken = (error: Error) => resolve({ kind: 'broken', why: error.message, status, body: text });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(expects && { expect: '100-continue' }),
    };
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method: 'POST', headers, agent: agent ?? false },
      (answer) => {
        status = answer.statusCode ?? 0;
        answer.setEncoding('utf8');
        answer.on('data', (piece) => {
          text += piece;
        });
        answer.on('end', () => resolve({ kind: 'answer', status, body: text }));
        answer.on('error', broken);
        onAnswer?.(answer);
      },
    );
    request.on('error', broken);
    if (expects) request.on('continue', () => request.end(body)).flushHeaders();
    else request.end(body);
  });
}

/** Reads a little, then pauses, again and again. */
export function readSlowly(answer: IncomingMessage): void {
  answer.on('data', () => {
    answer.pause();
    setTimeout(() => answer.resume(), 5);
  });
}

/** Reads nothing for a while. */
export function stopReading(milliseconds: number): (answer: IncomingMessage) => void {
  return (answer) => {
    answer.once('data', () => {
      answer.pause();
      setTimeout(() => answer.resume(), milliseconds);
    });
  };
}

export interface Leaving {
  readonly port: number;
  readonly path: string;
  readonly bodies: readonly string[];
  /** From 0 to 1: how much of what there is to send is sent; at 1, how long to stay is told by `stayMs`. */
  readonly sentShare: number;
  readonly stayMs: number;
  /** `reset`: without a farewell. `half`: says that it will send no more, and waits for the server to close. */
  readonly by: 'close' | 'reset' | 'half';
  readonly reads: boolean;
}

/** Sends requests, one behind the other, and is gone before they are answered. Resolves once the connection is closed. */
export async function leave(leaving: Leaving): Promise<void> {
  const { port, path, bodies, sentShare, stayMs, by, reads } = leaving;
  const socket = connect(port, '127.0.0.1');
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  const bytes = Buffer.from(
    bodies
      .map(
        (body) =>
          `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
      .join(''),
  );
  if (reads) socket.resume();
  socket.write(bytes.subarray(0, Math.ceil(bytes.length * sentShare)));
  await Promise.race([closed, delay(stayMs)]);
  if (by === 'half') {
    socket.resume();
    socket.end();
  } else if (by === 'reset') socket.resetAndDestroy();
  else socket.destroy();
  await closed;
}
