// A client of the IPC runtime on bare sockets, written only from what is known of the wire.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import WebSocket from 'ws';

export interface Message {
  id?: string | number | null;
  method?: string;
  params?: { update?: Update; _meta?: Record<string, string> };
  result?: unknown;
  error?: { code: number; message: string };
}

interface Update {
  sessionUpdate: string;
  type?: string;
  content?: { text: string };
  data?: Record<string, unknown>;
}

/** One connection. `pieces` counts what arrived, so that a test sees that frames were torn. */
export class HandMadeIpcClient {
  readonly messages: Message[] = [];
  readonly closed: Promise<void>;
  pieces = 0;
  /** Frames whose body was not JSON. */
  readonly unreadable: string[] = [];
  /** Whether requests of the runtime are answered. */
  polite = true;
  #buffer = Buffer.alloc(0);
  #nextId = 0;
  #waiting: (() => void)[] = [];
  #write: (bytes: string) => void = () => undefined;
  #end: () => void = () => undefined;
  #resolveClosed: () => void = () => undefined;

  private constructor() {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  static webSocket(url: string): Promise<HandMadeIpcClient> {
    const client = new HandMadeIpcClient();
    const socket = new WebSocket(url);
    client.#write = (text) => socket.send(text);
    client.#end = () => socket.close();
    socket.on('message', (data) => client.#take(Buffer.from(data.toString())));
    socket.on('close', () => client.#ended());
    return new Promise((resolve, reject) => {
      socket.on('open', () => resolve(client));
      socket.on('error', reject);
    });
  }

  static socket(path: string): Promise<HandMadeIpcClient> {
    const client = new HandMadeIpcClient();
    const socket = connect(path);
    client.#write = (text) => socket.write(text);
    client.#end = () => socket.end();
    socket.on('data', (piece) => client.#take(piece));
    socket.on('close', () => client.#ended());
    return new Promise((resolve, reject) => {
      socket.on('connect', () => resolve(client));
      socket.on('error', reject);
    });
  }

  close(): Promise<void> {
    this.#end();
    return this.closed;
  }

  raw(text: string): void {
    this.#write(text);
  }

  send(message: object): void {
    const json = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  }

  /** Sends a request and resolves with the reply. */
  async call(method: string, params: object): Promise<Message> {
    const id = this.#nextId++;
    this.send({ id, method, params });
    return this.until((message) => message.method === undefined && message.id === id);
  }

  /** Resolves with the first message, past or to come, that the predicate holds for. */
  async until(predicate: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.messages.find(predicate);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Connects to a session of `model`, ready for a prompt. */
  async openSession(modelId = 'ipc_kimi_k26'): Promise<string> {
    await this.initialize();
    const { result } = await this.call('session/new', {
      cwd: '/tmp',
      mcpServers: [],
      _meta: {},
      timestamp: Date.now(),
    });
    const sessionId = Object.values(result ?? {})[0];
    await this.call('session/set_model', { sessionId, modelId, timestamp: Date.now(), _meta: {} });
    return sessionId;
  }

  initialize(): Promise<Message> {
    return this.call('initialize', { protocolVersion: 1, clientCapabilities: {}, timestamp: Date.now() });
  }

  /** Everything that was said for a request, as `[kind, text]`. */
  told(requestId: string): { thoughts: string; text: string; finish: Update[]; usage: Update[] } {
    const updates = this.messages.flatMap(({ params }) => {
      const isMine = params?._meta?.['ai-coding/request-id'] === requestId;
      return isMine && params.update !== undefined ? [params.update] : [];
    });
    const said = (kind: string) =>
      updates
        .filter((update) => update.sessionUpdate === kind)
        .map((update) => update.content?.text ?? '')
        .join('');
    return {
      thoughts: said('agent_thought_chunk'),
      text: said('agent_message_chunk'),
      finish: updates.filter((update) => update.type === 'chat_finish'),
      usage: updates.filter((update) => update.type === 'context_usage'),
    };
  }

  /** Resolves when the turn has said that it is finished. */
  async finished(requestId: string): Promise<void> {
    await this.until(
      ({ params }) =>
        params?._meta?.['ai-coding/request-id'] === requestId && params.update?.type === 'chat_finish',
    );
  }

  #take(piece: Buffer): void {
    this.pieces++;
    this.#buffer = Buffer.concat([this.#buffer, piece]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end === -1) break;
      const length = Number(/^Content-Length: (\d+)$/.exec(this.#buffer.toString('utf8', 0, end))?.[1]);
      if (!(this.#buffer.length >= end + 4 + length)) break;
      const json = this.#buffer.toString('utf8', end + 4, end + 4 + length);
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#receive(json);
    }
  }

  #receive(json: string): void {
    let message: Message;
    try {
      message = JSON.parse(json);
    } catch {
      this.unreadable.push(json);
      return;
    }
    this.messages.push(message);
    if (message.method !== undefined && message.id !== undefined && this.polite) {
      this.send({ id: message.id, result: null });
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #ended(): void {
    this.#resolveClosed();
  }
}

/** Parameters of a correct prompt. */
export function promptParams(
  sessionId: string,
  text: string,
  changes: { images?: object[]; meta?: Record<string, unknown>; contextParams?: object[] } = {},
): { sessionId: string; prompt: object[]; contextParams: object[]; _meta: Record<string, unknown> } {
  const images = changes.images ?? [];
  return {
    sessionId,
    prompt: [{ type: 'text', text }, ...images],
    contextParams: changes.contextParams ?? images,
    _meta: {
      'ai-coding/request-id': randomUUID(),
      'ai-coding/mode': 'agent',
      'ai-coding/model': 'ipc_kimi_k26',
      'ai-coding/shell-type': 'zsh',
      'ai-coding/current-file-path': '',
      'ai-coding/enabled-mcp-servers': [],
      ...changes.meta,
    },
  };
}

/** The request id of a prompt's parameters. */
export function requestIdOf(params: { _meta: Record<string, unknown> }): string {
  return String(params._meta['ai-coding/request-id']);
}
