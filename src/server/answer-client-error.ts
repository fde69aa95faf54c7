import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ProxyError } from '../core/errors.ts';
import { encodeError } from '../protocols/openai-chat/encode-error.ts';

/** Answers bytes that are no HTTP request, headers without end, and requests that do not arrive; then closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const { status, message } = explain(error.code);
  const body = JSON.stringify(encodeError(new ProxyError('invalid-request', message)).body);
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

/** An answer that has begun on this connection must not be mixed with another. Node keeps it on the socket, unlisted. */
function isAnswering(socket: Socket): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  return typeof answer === 'object' && answer !== null && Reflect.get(answer, 'headersSent') === true;
}
