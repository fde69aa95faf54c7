import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Brain, RemoteRequest } from './brain.ts';
import type { Changes } from './changes.ts';
import { type ChatBody, describe, readChatBody } from './chat-body-schema.ts';
import { chatEvents, spoil } from './chat-stream.ts';
import { findBrokenRule } from './conversation-rules.ts';
import { decodeBody } from './encoded-body.ts';
import type { SimulatedLogin } from './login-cache.ts';
import { remoteModelList, simulatedModels } from './model-catalogue.ts';
import { pause, untilAborted } from './pace.ts';
import {
  checkIdentity,
  clientProfile,
  findBrokenHeader,
  findUntrueHeader,
  type RemoteCall,
} from './request-headers.ts';
import { type RemoteScenario, ScenarioSource } from './scenarios.ts';
import { checkSignature } from './signature-check.ts';
import { writeEvents } from './sse-writer.ts';
import { Tearing } from './tearing.ts';

/** One request that the simulated remote API received. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON (decoded first when `Encode=1`); undefined when there was none or it was not JSON. */
  body: unknown;
  /** The HTTP status that it was answered with; 0 until then, and when there was no answer. */
  status: number;
  /** Whether the client closed the connection before the answer was complete. */
  aborted: boolean;
  /** Whether the answer was written to its end. */
  completed: boolean;
}

/** The simulated remote API. */
export interface SimulatedRemote {
  /** `http://127.0.0.1:PORT`, for `LINGMA_REMOTE_BASE_URL`. */
  readonly url: string;
  /** The latest requests, oldest first. */
  readonly requests: readonly RecordedRequest[];
  /** Requests in all, also those no longer kept. */
  readonly requestsEver: number;
  /** Chat requests in all. */
  readonly chatsEver: number;
  /** Rules of the wire that a request broke. Empty as long as the client is right. */
  readonly violations: readonly string[];
  /** Answers being written now. */
  readonly openRequests: number;
  /** TCP connections open now. */
  readonly openConnections: number;
}

export interface RemoteSettings {
  readonly torn: boolean;
  readonly seed: number;
  readonly keepRequests: number;
  readonly changes: Changes;
  /** Read at each request, so that all of it may change. */
  readonly state: {
    readonly brain: Brain;
    readonly login: SimulatedLogin;
    readonly formerKeys: ReadonlySet<string>;
    readonly latencyMs: number;
    readonly chunksPerSecond: number | undefined;
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
  readonly signal: AbortSignal;
}

const chatPath = '/algo/api/v2/service/pro/sse/agent_chat_generation';
const uploadSchema = z.strictObject({
  ImageUri: z
    .string()
    .regex(/^(data:image\/[a-z+.-]+;base64,[A-Za-z0-9+/]+=*|https?:\/\/.+)$/, 'must be data: or http…'),
  RequestId: z.string().min(1),
});
const noSuchKey =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>\n';

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
  readonly #knownKeys = new Set(simulatedModels.map((model) => model.key));
  readonly #uploadedUrls = new Set<string>();
  readonly #payloadIds = new Set<string>();
  readonly #chatIds = new Set<string>();

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
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  /** Listens on `port`, or on any free one. */
  listen(port = 0): Promise<AddressInfo | string | null> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve(this.#server.address()));
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
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
      this.#violate(`${request.method} ${url.pathname}: no such call`);
      this.#answer(response, record, 404, noSuchKey, 'application/xml');
      return;
    }
    const scenario = this.scenarios.take(call) ?? {};
    const exchange = { call, request, response, url, rawBody, record, scenario, signal: leaving.signal };
    await pause(scenario.latencyMs ?? this.#settings.state.latencyMs, leaving.signal);
    if (this.#refuse(exchange)) return;
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

  /** Answers a request that breaks a rule of the headers, the login or the signature. */
  #refuse(exchange: Exchange): boolean {
    const { call, request, url, rawBody, record, response } = exchange;
    const { login, formerKeys } = this.#settings.state;
    const brokenQuery = findBrokenQuery(call, url);
    const broken = brokenQuery ?? findBrokenHeader(call, request.headers);
    if (broken !== undefined) {
      this.#reject(exchange, 400, broken);
      return true;
    }
    if (login.expireTime < Date.now() || formerKeys.has(String(request.headers['cosy-key']))) {
      this.#answer(response, record, 401, errorBody('401', 'login expired, please sign in again'));
      return true;
    }
    const refusal =
      checkIdentity(request.headers, login) ??
      checkSignature({ headers: request.headers, rawBody, path: url.pathname }, login, this.#payloadIds);
    if (refusal !== undefined) {
      this.#reject(exchange, refusal.status, refusal.rule);
      return true;
    }
    const untrue = findUntrueHeader(request.headers, rawBody, url.pathname, login);
    if (untrue !== undefined) this.#reject(exchange, 400, untrue);
    return untrue !== undefined;
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
    const body =
      scenario.body ?? (missing ? noSuchKey : errorBody(String(scenario.status), 'upstream refuses'));
    this.#answer(response, record, scenario.status, body, missing ? 'application/xml' : undefined);
    return true;
  }

  #upload(exchange: Exchange): void {
    const parsed = uploadSchema.safeParse(exchange.record.body);
    if (!parsed.success) {
      this.#reject(exchange, 400, describe(parsed.error));
      return;
    }
    const { ImageUri, RequestId } = parsed.data;
    if (exchange.url.searchParams.get('request_id') !== RequestId) {
      this.#reject(exchange, 400, 'RequestId differs from the query');
      return;
    }
    const name = createHash('md5').update(ImageUri).digest('hex');
    const ImageUrl = `https://lingma-upload.example.com/${name}.png`;
    this.#uploadedUrls.add(ImageUrl);
    this.#answerJson(exchange, { Data: { Success: true, ImageUrl, RequestId } });
  }

  async #chat(exchange: Exchange, leaving: AbortController): Promise<void> {
    const { request, response, record, scenario, signal } = exchange;
    this.chatsEver++;
    this.#settings.changes.notify();
    const read = readChatBody(record.body, clientProfile(request.headers));
    const broken = 'broken' in read ? read.broken : this.#brokenRule(read.body, request);
    if ('broken' in read || broken !== undefined) {
      this.#reject(exchange, 400, broken ?? 'body');
      return;
    }
    const { brain, chunksPerSecond } = this.#settings.state;
    const sequence = this.chatsEver;
    const reply = await brain(toRequest(read.body));
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
    const model = read.body.model_config.key || 'auto';
    const items = chatEvents(reply, model, Math.ceil(exchange.rawBody.length / 4), scenario);
    await writeEvents(response, spoil(items, scenario), {
      tearing: this.#settings.torn ? new Tearing(this.#settings.seed + sequence) : undefined,
      lineEnd: this.#settings.torn && sequence % 2 === 0 ? '\r\n' : '\n',
      signal,
      ...(rate === undefined ? {} : { chunksPerSecond: rate }),
      ...(scenario.stallAfterChunks === undefined ? {} : { stallAfterChunks: scenario.stallAfterChunks }),
      ...(scenario.resetAfterBytes === undefined ? {} : { resetAfterBytes: scenario.resetAfterBytes }),
      onReset: () => leaving.abort(),
    });
  }

  #brokenRule(body: ChatBody, request: IncomingMessage): string | undefined {
    if (this.#chatIds.has(body.request_id)) return 'request_id was used before';
    this.#chatIds.add(body.request_id);
    return findBrokenRule(body, {
      knownKeys: this.#knownKeys,
      uploadedUrls: this.#uploadedUrls,
      cosyVersion: String(request.headers['cosy-version']),
      now: Date.now(),
    });
  }

  #reject({ call, response, record }: Exchange, status: number, rule: string): void {
    this.#violate(`${call}: ${rule}`);
    this.#answer(response, record, status, errorBody(String(status), rule));
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

function errorBody(code: string, message: string): string {
  return JSON.stringify({ success: false, errorCode: code, errorMessage: message });
}

function callOf(method: string | undefined, path: string): RemoteCall | undefined {
  if (method === 'GET' && path === '/algo/api/v2/model/list') return 'models';
  if (method === 'POST' && path === chatPath) return 'chat';
  if (method === 'POST' && path === '/algo/api/v2/image/upload') return 'upload';
  return undefined;
}

function findBrokenQuery(call: RemoteCall, url: URL): string | undefined {
  const query = url.search.slice(1);
  switch (call) {
    case 'models':
      return query === '' ? undefined : 'query: the model list takes none';
    case 'upload':
      return /^request_id=[^&]+$/.test(query) ? undefined : 'query: expected request_id=ID';
    case 'chat':
      return /^FetchKeys=llm_model_result&AgentId=agent_common(&Encode=1)?$/.test(query)
        ? undefined
        : 'query: expected FetchKeys=llm_model_result&AgentId=agent_common';
    default:
      return call satisfies never;
  }
}

function toRequest(body: ChatBody): RemoteRequest {
  const { max_tokens: maxTokens } = body.parameters;
  return {
    backend: 'remote',
    model: body.model_config.key,
    messages: body.messages,
    tools: body.tools ?? [],
    toolChoice: body.tool_choice,
    reasoning: body.model_config.is_reasoning,
    imageUrls: body.image_urls ?? [],
    ...(maxTokens === undefined ? {} : { maxTokens }),
  };
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
