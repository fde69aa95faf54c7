import { IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ProxyError } from '../core/errors.ts';
import { canonicalUrl } from './canonical-url.ts';
import { type AskedPath, encodeErrorFor } from './dialect.ts';

/** Of which nothing is known: not even which dialect its client speaks. */
const unknownRequest: AskedPath = { url: '/', headers: {} };

/** Answers bytes that are no HTTP request, headers without end, and requests that do not arrive; then closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const answer = answerOn(socket);
  if (error.code === 'ECONNRESET' || !socket.writable || answer?.hasBegun === true) {
    socket.destroy();
    return;
  }
  const { status, message } = explain(error.code);
  const failure = encodeErrorFor(answer?.to ?? unknownRequest, new ProxyError('invalid-request', message));
  const body = JSON.stringify(failure.body);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function explain(code: string | undefined): { readonly status: number; readonly message: string } {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, message: 'The request did not arrive in time. Send it again.' };
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        message: 'The request headers are too large for this proxy. Send fewer or shorter ones.',
      };
    default:
      return {
        status: 400,
        message: 'This is not a valid HTTP request. Lingma Proxy speaks HTTP/1.1, without TLS.',
      };
  }
}

interface Answer {
  /** It must not be mixed with another. */
  readonly hasBegun: boolean;
  readonly to: AskedPath;
}

/** The answer that is due on this connection, if its request's head has come. Node keeps it on the socket, unlisted. */
function answerOn(socket: Socket): Answer | undefined {
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  if (typeof answer !== 'object' || answer === null) return undefined;
  const request: unknown = Reflect.get(answer, 'req');
  const to =
    request instanceof IncomingMessage
      ? { url: canonicalUrl(request.url ?? '/'), headers: request.headers }
      : unknownRequest;
  return { hasBegun: Reflect.get(answer, 'headersSent') === true, to };
}
