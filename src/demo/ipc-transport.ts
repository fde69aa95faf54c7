import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { encodeFrame, FrameReader, readWholeFrame } from './ipc-framing.ts';
import type { Tearing } from './tearing.ts';

/** One client's connection, whatever carries it. */
export interface IpcTransport {
  /** Sends JSON as a frame. */
  send(json: string): void;
  /** Sends bytes that need not be a frame. */
  sendRaw(bytes: Buffer): void;
  /** Resolves when the client keeps up, or has gone. */
  drained(): Promise<void>;
  /** Drops the connection without a farewell. */
  kill(): void;
  /** Ends the connection in order, as far as this side can. */
  close(): void;
}

/** What a transport tells its connection. */
export interface TransportListener {
  frame(json: string): void;
  violation(text: string): void;
  closed(): void;
}

/** Characters or bytes that may wait to be sent before a turn has to wait too. */
const highWaterMark = 1_000_000;

/** Frames as bytes on a Unix socket or named pipe. */
export function socketTransport(
  socket: Socket,
  tearing: Tearing | undefined,
  listener: TransportListener,
): IpcTransport {
  const reader = new FrameReader();
  // Each turn that waits for the client to catch up listens.
  socket.setMaxListeners(0);
  socket.on('data', (piece) => {
    try {
      for (const json of reader.push(piece)) listener.frame(json);
    } catch (error) {
      listener.violation(`socket: ${error instanceof Error ? error.message : String(error)}`);
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => listener.closed());
  const together = writtenTogether(socket);
  const outbox = new Outbox(tearing !== undefined, (bytes) => {
    if (tearing === undefined) together();
    for (const piece of tearing === undefined ? [bytes] : tearing.bytes(bytes)) socket.write(piece);
  });
  return {
    send: (json) => outbox.add(encodeFrame(json)),
    sendRaw: (bytes) => outbox.addRaw(bytes),
    async drained() {
      if (socket.destroyed || socket.writableLength < highWaterMark) return;
      await new Promise<void>((resolve) => {
        const go = () => {
          socket.off('drain', go);
          socket.off('close', go);
          resolve();
        };
        socket.on('drain', go);
        socket.on('close', go);
      });
    },
    kill: () => socket.destroy(),
    close: () => socket.end(),
  };
}

/** Frames as text messages: one whole frame a message from the client, split and joined at will from here. `wire` carries them. */
export function webSocketTransport(
  socket: WebSocket,
  wire: Socket,
  tearing: Tearing | undefined,
  listener: TransportListener,
): IpcTransport {
  // Each turn that waits for the client to catch up listens.
  socket.setMaxListeners(0);
  socket.on('message', (data, isBinary) => {
    if (isBinary) listener.violation('WebSocket: binary message');
    const read = readWholeFrame(data.toString());
    if ('json' in read) listener.frame(read.json);
    else listener.violation(`WebSocket: ${read.broken}`);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => listener.closed());
  const together = writtenTogether(wire);
  const outbox = new Outbox(tearing !== undefined, (bytes, isRaw) => {
    if (socket.readyState !== socket.OPEN) return;
    if (tearing === undefined) together();
    if (isRaw || tearing === undefined) socket.send(bytes, { binary: false });
    else for (const piece of tearing.text(bytes.toString())) socket.send(piece);
  });
  return {
    send: (json) => outbox.add(encodeFrame(json)),
    sendRaw: (bytes) => outbox.addRaw(bytes),
    async drained() {
      if (socket.readyState !== socket.OPEN || socket.bufferedAmount < highWaterMark) return;
      await new Promise<void>((resolve) => {
        socket.once('close', resolve);
        // An empty-bodied ping leaves after all that waits, so its callback says when the client has caught up.
        socket.ping(undefined, undefined, () => {
          socket.off('close', resolve);
          resolve();
        });
      });
    },
    kill: () => socket.terminate(),
    close: () => socket.close(),
  };
}

/** To be called before each write: those of one tick leave in one system call. */
function writtenTogether(socket: Socket): () => void {
  let isCorked = false;
  return () => {
    if (isCorked) return;
    isCorked = true;
    socket.cork();
    process.nextTick(() => {
      isCorked = false;
      socket.uncork();
    });
  };
}

/** Where tearing is on, frames of one tick leave together, so that pieces hold the end of one and the start of the next. */
class Outbox {
  readonly #joins: boolean;
  readonly #write: (bytes: Buffer, isRaw: boolean) => void;
  #waiting = '';

  constructor(joins: boolean, write: (bytes: Buffer, isRaw: boolean) => void) {
    this.#joins = joins;
    this.#write = write;
  }

  add(text: string): void {
    if (!this.#joins) {
      this.#write(Buffer.from(text), false);
      return;
    }
    if (this.#waiting === '') setImmediate(() => this.#flush());
    this.#waiting += text;
  }

  addRaw(bytes: Buffer): void {
    this.#flush();
    this.#write(bytes, true);
  }

  #flush(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') this.#write(Buffer.from(text), false);
  }
}
