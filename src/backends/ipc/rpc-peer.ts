import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  ErrorCodes,
  Message,
  type MessageConnection,
  type MessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import * as z from 'zod';
import { abortError, ProxyError, throwIfAborted } from '../../core/errors.ts';
import { isRecord, type JsonRecord } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { onDemand } from '../../core/on-demand.ts';
import { encodeFrame, FrameDecoder } from './frame-decoder.ts';
import { type MessageText, messageText, shownText } from './message-text.ts';
import { ConnectionLost, RpcError } from './rpc-errors.ts';
import type { Transport } from './transport.ts';

/** What the other side does on its own account. */
export interface RpcPeerListener {
  /** Takes a message whose kind is known already, so that it need not be parsed. False: it is not. */
  take(text: string): boolean;
  /** `text` is the message as it came over the wire. */
  notification(method: string, params: unknown, text: string): void;
  /** Something that belongs in a record but harms nobody. */
  oddity(text: string): void;
  /** Called once, except after `close()`. */
  closed(reason: ProxyError): void;
}

export interface RpcRequestOptions {
  /** When aborted the request rejects with the signal's error and its late answer is ignored. */
  readonly signal?: AbortSignal;
  /** Strings in the parameters that hold nothing but base64. */
  readonly base64?: readonly string[];
  /** Called at once with the JSON text that went out, without the base64. */
  readonly onWritten?: (text: string) => void;
  /**
   * Called when the answer is read from the wire, before any notification that follows it. The promise settles some tasks later, when
   * such notifications may have been heard.
   */
  readonly onAnswered?: () => void;
}

const envelope = onDemand(() =>
  z.object({
    id: z.union([z.string(), z.number(), z.null()]).optional(),
    method: z.string().optional(),
    params: z.unknown().optional(),
    result: z.unknown().optional(),
    error: z.object({ code: z.number(), message: z.string() }).nullish(),
  }),
);

/** A runtime may name anything anyhow. */
const mostOddityCharacters = 200;

/**
 * JSON-RPC 2.0 over one transport. vscode-jsonrpc keeps the ids and the requests in flight; notifications, which carry
 * the stream, go straight from the wire to the listener. The runtime's own requests are answered with `result: null`.
 */
export class RpcPeer {
  readonly #transport: Transport;
  readonly #listener: RpcPeerListener;
  readonly #reader = new FrameReader();
  readonly #writer: FrameWriter;
  readonly #rpc: MessageConnection;
  readonly #onAnswered = new Map<string | number | null, () => void>();
  #closed = false;

  constructor(transport: Transport, listener: RpcPeerListener, maxFrameBytes: number) {
    this.#transport = transport;
    this.#listener = listener;
    this.#writer = new FrameWriter(transport, (reason) => this.#fail(lost(reason)));
    const report = (text: string) => listener.oddity(text.slice(0, mostOddityCharacters));
    this.#rpc = createMessageConnection(this.#reader, this.#writer, {
      error: report,
      warn: report,
      info() {},
      log() {},
    });
    this.#rpc.onRequest((method: string) => {
      report(`The runtime asked for "${method}" and was answered with null.`);
      return null;
    });
    this.#rpc.listen();
    const decoder = new FrameDecoder(maxFrameBytes, (text) => this.#receive(text));
    transport.listen({
      data: (chunk) => {
        if (this.#closed) return;
        try {
          decoder.push(chunk);
        } catch (error) {
          this.#fail(error instanceof ProxyError ? error : unreadable(error));
        }
      },
      closed: (reason) => this.#fail(lost(reason)),
    });
  }

  /** Rejects with `RpcError`, `ConnectionLost`, or the signal's `ProxyError`. */
  async request(method: string, params: object, options: RpcRequestOptions = {}): Promise<unknown> {
    if (this.#closed) throw new ConnectionLost(`The connection was closed before ${method}.`);
    const { signal, base64, onWritten, onAnswered } = options;
    if (signal) throwIfAborted(signal);
    this.#writer.base64 = base64;
    const answer = this.#rpc.sendRequest<unknown>(method, params);
    const sent = this.#writer.takeLast();
    onWritten?.(shownText(sent.text));
    if (onAnswered) this.#onAnswered.set(sent.id, onAnswered);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        // Without an answer the request, with its megabytes of prompt, would be remembered as long as the connection.
        if (!this.#closed) this.#reader.deliver({ jsonrpc: '2.0', id: sent.id, result: null });
        if (signal) reject(abortError(signal));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      answer
        .then(resolve, (error: unknown) => reject(translate(method, error)))
        .finally(() => {
          signal?.removeEventListener('abort', onAbort);
          this.#onAnswered.delete(sent.id);
        });
    });
  }

  /** Sends a notification; whether it arrives is not known. */
  notify(method: string, params: object): void {
    if (this.#closed) return;
    this.#rpc.sendNotification(method, params).catch(() => {});
  }

  /** Closes the transport; requests in flight reject with `ConnectionLost`. Never throws. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rpc.dispose();
    this.#transport.close();
  }

  #receive(text: string): void {
    if (this.#closed || this.#listener.take(text)) return;
    const message: unknown = JSON.parse(text);
    // The stream of an answer comes this way, and a schema costs more than the parsing.
    if (isNotification(message)) {
      this.#listener.notification(message.method, message['params'], text);
      return;
    }
    const parsed = envelope().safeParse(message);
    if (!parsed.success) {
      this.#listener.oddity(
        `The runtime sent a message that is not JSON-RPC: ${text.slice(0, mostOddityCharacters)}`,
      );
      return;
    }
    const { id, method, params, result, error } = parsed.data;
    if (method !== undefined) {
      this.#reader.deliver({ jsonrpc: '2.0', id, method, params });
      return;
    }
    this.#onAnswered.get(id ?? null)?.();
    if (error) {
      this.#reader.deliver({ jsonrpc: '2.0', id: id ?? null, error });
    } else {
      this.#reader.deliver({ jsonrpc: '2.0', id: id ?? null, result: result ?? null });
    }
  }

  #fail(reason: ProxyError): void {
    if (this.#closed) return;
    this.close();
    this.#listener.closed(reason);
  }
}

class FrameReader extends AbstractMessageReader {
  #callback: DataCallback | undefined;

  listen(callback: DataCallback) {
    this.#callback = callback;
    return { dispose() {} };
  }

  deliver(message: Message & Record<string, unknown>): void {
    this.#callback?.(message);
  }
}

const nothingWritten = { id: -1, text: { parts: [''], base64: [] } } as const;

class FrameWriter extends AbstractMessageWriter implements MessageWriter {
  /** Strings in the request that is written next that hold nothing but base64. */
  base64: readonly string[] | undefined;
  readonly #transport: Transport;
  #last: { readonly id: number | string | null; readonly text: MessageText } = nothingWritten;

  readonly #onFailure: (reason: string) => void;

  constructor(transport: Transport, onFailure: (reason: string) => void) {
    super();
    this.#transport = transport;
    this.#onFailure = onFailure;
  }

  async write(message: Message): Promise<void> {
    const text = messageText(message, this.base64);
    if (Message.isRequest(message)) this.#last = { id: message.id, text };
    try {
      await this.#transport.send(encodeFrame(text));
    } catch (error) {
      // A channel that takes no more is lost, even if its end has not been reported yet.
      this.#onFailure(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  end(): void {}

  /** The request written last: vscode-jsonrpc writes before `sendRequest` returns, and tells nobody the id. */
  takeLast() {
    const last = this.#last;
    this.#last = nothingWritten;
    this.base64 = undefined;
    return last;
  }
}

/** Whether a message calls a method and waits for no answer. */
export function isNotification(message: unknown): message is JsonRecord & { readonly method: string } {
  return isRecord(message) && typeof message['method'] === 'string' && (message['id'] ?? null) === null;
}

function translate(method: string, error: unknown): Error {
  if (error instanceof ResponseError) {
    const ours: readonly number[] = [ErrorCodes.PendingResponseRejected, ErrorCodes.MessageWriteError];
    if (!ours.includes(error.code)) return new RpcError(method, error.code, error.message);
  }
  return new ConnectionLost(`The connection was lost during ${method}.`, { cause: error });
}

function lost(reason: string): ProxyError {
  return new ProxyError(
    'upstream-unavailable',
    phrase(
      'The connection to the Lingma / QoderCN runtime was lost ({0}). Send the request again; if this repeats, restart Lingma / QoderCN.',
      reason,
    ),
    { retryAfterSeconds: 1 },
  );
}

function unreadable(cause: unknown): ProxyError {
  return new ProxyError(
    'upstream-protocol',
    phrase(
      'The Lingma / QoderCN runtime sent a message that is not JSON, so the connection to it was closed. Send the request again.',
    ),
    { retryAfterSeconds: 1, cause },
  );
}
