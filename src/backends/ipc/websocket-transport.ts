import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { abortError, throwIfAborted } from '../../core/errors.ts';
import { GatheredWrites } from './gathered-writes.ts';
import type { ConnectTransport, Transport, TransportListener } from './transport.ts';

/** Opens a `ws://` runtime: each frame goes out as one text message; incoming messages are taken as a byte stream. */
export const connectWebSocket: ConnectTransport = async (address, { signal, maxFrameBytes }) => {
  const { WebSocket } = await import('ws');
  throwIfAborted(signal);
  const socket = new WebSocket(address, {
    perMessageDeflate: false,
    maxPayload: maxFrameBytes + 8 * 1024,
    // A frame may be torn inside a character, and then neither message is valid UTF-8 on its own.
    skipUTF8Validation: true,
    ...(isLoopback(address) ? { generateMask: zeroMask } : {}),
  });
  return opened(socket, signal);
};

/**
 * The mask of zeros, which changes nothing and so need not be applied, a byte at a time, to megabytes of prompt: with an image of 5 MB
 * that would hold the event loop for 60 ms. RFC 6455 asks for masks that nobody can predict, as they protect proxies between a browser
 * and a server from what pages send. No proxy stands between two programs of one computer; to any other the masks are random.
 */
function zeroMask(): void {
  // What it is given is zeros.
}

function isLoopback(address: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}

function opened(socket: WebSocket, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      socket.on('error', () => {});
      finish();
    };
    const fail = (error: Error) =>
      settle(() => {
        socket.terminate();
        reject(error);
      });
    const onAbort = () => fail(abortError(signal));
    signal.addEventListener('abort', onAbort);
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('it closed the connection during the handshake')));
    socket.once('upgrade', ({ socket: wire }) => {
      // Made at once: a message may come before whoever waits for the promise gets to run.
      socket.on('open', () => settle(() => resolve(new WebSocketTransport(socket, wire))));
    });
  });
}

class WebSocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #writes: GatheredWrites;
  readonly #early: Buffer[] = [];
  #listener: TransportListener | undefined;
  #closed: string | undefined;

  /** `wire`: the connection under it. */
  constructor(socket: WebSocket, wire: Socket) {
    this.#socket = socket;
    this.#writes = new GatheredWrites(wire);
    let problem = '';
    socket.on('message', (data) => this.#receive(toBuffer(data)));
    socket.on('error', (error) => {
      problem = error.message;
    });
    socket.on('close', (code) => {
      this.#closed = problem === '' ? `the WebSocket closed with code ${code}` : problem;
      this.#listener?.closed(this.#closed);
    });
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    for (const chunk of this.#early.splice(0)) listener.data(chunk);
    if (this.#closed !== undefined) listener.closed(this.#closed);
  }

  send(frame: Buffer): Promise<void> {
    this.#writes.begin();
    return new Promise((resolve, reject) => {
      this.#socket.send(frame, { binary: false }, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    if (this.#closed !== undefined) return;
    this.#socket.close();
    // The closing handshake needs the other side; a runtime that hangs must not keep the socket.
    setTimeout(() => this.#socket.terminate(), 500).unref();
  }

  #receive(chunk: Buffer): void {
    if (this.#listener) this.#listener.data(chunk);
    else this.#early.push(chunk);
  }
}

function toBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
