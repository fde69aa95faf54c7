import { connect, type Socket } from 'node:net';
import { abortError } from '../../core/errors.ts';
import { GatheredWrites } from './gathered-writes.ts';
import type { ConnectTransport, Transport, TransportListener } from './transport.ts';

/** Opens a runtime's Unix socket or Windows named pipe, on which frames follow each other as bytes. */
export const connectPipe: ConnectTransport = (address, { signal }) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortError(signal));
      return;
    }
    const socket = connect(address);
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners('error').removeAllListeners('connect');
      finish();
    };
    const fail = (error: Error) =>
      settle(() => {
        socket.on('error', () => {});
        socket.destroy();
        reject(error);
      });
    const onAbort = () => fail(abortError(signal));
    signal.addEventListener('abort', onAbort);
    socket.once('error', fail);
    socket.once('connect', () => settle(() => resolve(new PipeTransport(socket))));
  });

class PipeTransport implements Transport {
  readonly #socket: Socket;
  readonly #writes: GatheredWrites;
  #listener: TransportListener | undefined;
  #closed: string | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#writes = new GatheredWrites(socket);
    let problem = '';
    socket.on('error', (error) => {
      problem = error.message;
    });
    // A runtime that closes its half of the pipe answers nothing any more.
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#closed = problem === '' ? 'the pipe was closed' : problem;
      this.#listener?.closed(this.#closed);
    });
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    if (this.#closed === undefined) this.#socket.on('data', (chunk: Buffer) => listener.data(chunk));
    else listener.closed(this.#closed);
  }

  send(frame: Buffer): Promise<void> {
    this.#writes.begin();
    return new Promise((resolve, reject) => {
      this.#socket.write(frame, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(): void {
    if (this.#closed !== undefined) return;
    this.#socket.end();
    // A runtime that hangs must not keep the socket.
    setTimeout(() => this.#socket.destroy(), 500).unref();
  }
}
