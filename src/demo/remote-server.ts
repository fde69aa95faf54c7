import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Brain } from './brain.ts';
import type { Changes } from './changes.ts';
import { ChatAdmission } from './chat-admission.ts';
import { chatEvents, spoil } from './chat-stream.ts';
import { decodeBody } from './encoded-body.ts';
import { ImageUploads } from './image-uploads.ts';
import type { SimulatedLogin } from './login-cache.ts';
import { remoteModelList } from './model-catalogue.ts';
import { pause, untilAborted } from './pace.ts';
import { RemoteAdmission } from './remote-admission.ts';
import { callOf, errorBody, noSuchKey } from './remote-routes.ts';
import type { RemoteCall } from './request-headers.ts';
import { type RemoteScenario, ScenarioSource } from './scenarios.ts';
import type { RecordedRequest, SimulatedRemote } from './simulated-remote.ts';
import { writeEvents } from './sse-writer.ts';
import { Tearing } from './tearing.ts';

export interface RemoteSettings {
  readonly torn: boolean;
  readonly seed: number;
  readonly keepRequests: number;
  readonly changes: Changes;
  readonly renewLogin: () => void;
  /** Read at each request, so that all of it may change. */
  readonly state: {
    readonly brain: Brain;
    readonly login: SimulatedLogin;
    readonly formerKeys: ReadonlySet<string>;
    readonly latencyMs: number;
    readonly chunksPerSecond: number | undefined;
    /** How far upstream's clock is ahead of this computer's. */
    readonly clockOffsetMs: number;
  };
}

interface Exchange {
  readonly call: RemoteCall;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly rawBody: Buffer;
  readonly record: RecordedRequest;
  readonly scenario: RemoteScenario;
  /** Which chat of all this is, from 1. */
  readonly sequence: number;
  readonly signal: AbortSignal;
}

/** Lingma's remote API on loopback: checks every rule of the wire, answers with what the brain says. */
export class RemoteServer implements SimulatedRemote {
  readonly requests: RecordedRequest[] = [];
  readonly violations: string[] = [];
  readonly scenarios = new ScenarioSource<RemoteCall, RemoteScenario>('chat');
  requestsEver = 0;
  chatsEver = 0;
  openRequests = 0;
  openConnections = 0;
  readonly #settings: RemoteSettings;
  readonly #server: Server;
  readonly #uploads = new ImageUploads();
  readonly #chats = new ChatAdmission(this.#uploads.urls);
  readonly #admission = new RemoteAdmission();
  #port = 0;

  constructor(settings: RemoteSettings) {
    this.#settings = settings;
    this.#server = createServer((request, response) => {
      this.#receive(request, response).catch((error: unknown) => {
        this.violations.push(`the simulator failed: ${error instanceof Error ? error.stack : String(error)}`);
        response.destroy();
      });
    });
    this.#server.on('connection', (socket) => {
      socket.setNoDelay(true);
      this.openConnections++;
      socket.on('close', () => {
        this.openConnections--;
        settings.changes.notify();
      });
    });
  }

  get url(): string {
    return this.#port === 0 ? '' : `http://127.0.0.1:${this.#port}`;
  }

  /** Listens on any free port, and after `stop` on the one it had. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, '127.0.0.1', () => {
        const address = this.#server.address();
        if (typeof address === 'object' && address !== null) this.#port = address.port;
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.dropConnections();
    });
  }

  dropConnections(): void {
    this.#server.closeAllConnections();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const record = this.#record(request);
    const leaving = new AbortController();
    response.on('close', () => {
      record.completed = response.writableFinished;
      // A connection that this side reset has no longer a socket that the other side could have closed.
      record.aborted ||= !response.writableFinished && !leaving.signal.aborted;
      this.openRequests--;
      leaving.abort();
      this.#settings.changes.notify();
    });
    const rawBody = await readAll(request);
    if (rawBody === undefined) return;
    record.body = parseJson(decodedText(url, rawBody));
    const call = callOf(request.method, url.pathname);
    if (call === undefined) {
      // Who only asks whether somebody is there breaks no rule.
      if (request.method !== 'HEAD') this.#violate(`${request.method} ${url.pathname}: no such call`);
      this.#answer(response, record, 404, noSuchKey, 'application/xml');
      return;
    }
    if (call === 'chat') this.chatsEver++;
    this.#settings.changes.notify();
    const scenario = this.scenarios.take(call) ?? {};
    const { signal } = leaving;
    const sequence = this.chatsEver;
    const exchange = { call, request, response, url, rawBody, record, scenario, sequence, signal };
    await pause(scenario.latencyMs ?? this.#settings.state.latencyMs, signal);
    if (signal.aborted) return;
    if (scenario.renewsLogin) this.#settings.renewLogin();
    const { login, formerKeys, clockOffsetMs } = this.#settings.state;
    const { headers } = request;
    if (clockOffsetMs !== 0) response.setHeader('date', new Date(Date.now() + clockOffsetMs).toUTCString());
    const arrival = { call, url, headers, rawBody, clockOffsetMs };
    const rejection = this.#admission.refuse(arrival, login, formerKeys);
    if (rejection !== undefined) {
      if (rejection.isViolation) this.#violate(`${call}: ${rejection.rule}`);
      this.#answer(response, record, rejection.status, errorBody(rejection.status, rejection.rule));
      return;
    }
    if (await this.#strike(exchange, leaving)) return;
    switch (call) {
      case 'models':
        this.#answerJson(exchange, remoteModelList());
        return;
      case 'upload':
        this.#upload(exchange);
        return;
      case 'chat':
        await this.#chat(exchange, leaving);
        return;
      default:
        call satisfies never;
    }
  }

  #record(request: IncomingMessage): RecordedRequest {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value ?? '');
    const { method = '', url = '' } = request;
    const record = { method, url, headers, body: undefined, status: 0, aborted: false, completed: false };
    this.requests.push(record);
    if (this.requests.length > this.#settings.keepRequests) this.requests.shift();
    this.requestsEver++;
    this.openRequests++;
    this.#settings.changes.notify();
    return record;
  }

  /** Plays the scenario's faults from before the answer; true when nothing is left to answer. */
  async #strike(
    { scenario, response, record, signal }: Exchange,
    leaving: AbortController,
  ): Promise<boolean> {
    if (scenario.reset) {
      leaving.abort();
      response.socket?.resetAndDestroy();
      return true;
    }
    if (scenario.stallBefore === 'headers') {
      await untilAborted(signal);
      return true;
    }
    if (scenario.status === undefined) return false;
    if (scenario.retryAfterSeconds !== undefined) {
      response.setHeader('retry-after', String(scenario.retryAfterSeconds));
    }
    const missing = scenario.status === 404;
    const body = scenario.body ?? (missing ? noSuchKey : errorBody(scenario.status, 'upstream refuses'));
    this.#answer(response, record, scenario.status, body, missing ? 'application/xml' : undefined);
    return true;
  }

  #upload(exchange: Exchange): void {
    const { record, url } = exchange;
    const upload = this.#uploads.add(record.body, url.searchParams.get('request_id'));
    if ('broken' in upload) this.#reject(exchange, 400, upload.broken);
    else this.#answerJson(exchange, upload.reply);
  }

  async #chat(exchange: Exchange, leaving: AbortController): Promise<void> {
    const { request, response, record, scenario, sequence, signal } = exchange;
    const read = this.#chats.read(record.body, request.headers);
    if ('broken' in read) {
      this.#reject(exchange, 400, read.broken);
      return;
    }
    const { brain, chunksPerSecond } = this.#settings.state;
    const reply = await brain(read.request);
    if (signal.aborted) return;
    record.status = 200;
    response.writeHead(200, {
      'content-type': 'text/event-stream;charset=UTF-8',
      'cache-control': 'no-cache',
    });
    response.flushHeaders();
    if (scenario.stallBefore === 'first-byte') {
      await untilAborted(signal);
      return;
    }
    const rate = scenario.chunksPerSecond ?? reply.chunksPerSecond ?? chunksPerSecond;
    const model = read.request.model || 'auto';
    const items = chatEvents(reply, model, Math.ceil(exchange.rawBody.length / 4), scenario);
    await writeEvents(response, spoil(items, scenario), {
      tearing: this.#settings.torn ? new Tearing(this.#settings.seed + sequence) : undefined,
      lineEnd: this.#settings.torn && sequence % 2 === 0 ? '\r\n' : '\n',
      signal,
      ...(rate === undefined ? {} : { chunksPerSecond: rate }),
      ...(scenario.stallAfterChunks === undefined ? {} : { stallAfterChunks: scenario.stallAfterChunks }),
      ...(scenario.resetAfterBytes === undefined ? {} : { resetAfterBytes: scenario.resetAfterBytes }),
      ...(scenario.breakBy === undefined ? {} : { breakBy: scenario.breakBy }),
      onReset: () => leaving.abort(),
    });
  }

  #reject({ call, response, record }: Exchange, status: number, rule: string): void {
    this.#violate(`${call}: ${rule}`);
    this.#answer(response, record, status, errorBody(status, rule));
  }

  #violate(text: string): void {
    this.violations.push(text);
    this.#settings.changes.notify();
  }

  #answerJson({ response, record }: Exchange, value: object): void {
    this.#answer(response, record, 200, JSON.stringify(value));
  }

  #answer(
    response: ServerResponse,
    record: RecordedRequest,
    status: number,
    body: string,
    type = 'application/json;charset=UTF-8',
  ): void {
    record.status = status;
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  }
}

/** The whole body, or undefined when the client left while sending it. */
async function readAll(request: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(Buffer.from(piece));
  } catch {
    return undefined;
  }
  return Buffer.concat(pieces);
}

function decodedText(url: URL, rawBody: Buffer): string {
  const text = rawBody.toString('utf8');
  return url.searchParams.get('Encode') === '1' ? (decodeBody(text) ?? '') : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
