import type * as z from 'zod';
import { describe } from './chat-body-schema.ts';
import type { IpcHost } from './ipc-host.ts';
import { readImages } from './ipc-images.ts';
import * as schema from './ipc-schema.ts';
import type { RecordedPrompt, SimulatedSession } from './ipc-sessions.ts';
import type { IpcTransport } from './ipc-transport.ts';
import { type IpcTurn, sendFinish, streamTurn } from './ipc-turn.ts';
import { ipcModelList, type SimulatedModel, simulatedModels } from './model-catalogue.ts';
import { pause } from './pace.ts';
import { RpcRefusal, rpcCodes } from './rpc-refusal.ts';
import type { IpcCall, IpcScenario } from './scenarios.ts';
import { ServerRequests } from './server-requests.ts';

type Id = string | number | undefined;

/** The runtime's side of one client connection. */
export class IpcConnection {
  readonly #host: IpcHost;
  readonly #transport: IpcTransport;
  readonly #leaving = new AbortController();
  readonly #serverRequests: ServerRequests;
  #initialized = false;

  constructor(host: IpcHost, transport: IpcTransport) {
    this.#host = host;
    this.#transport = transport;
    this.#serverRequests = new ServerRequests(transport, (text) => host.store.violate(text));
  }

  /** Takes one frame's JSON from the client. */
  receive(json: string): void {
    const { latencyMs } = this.#host.state;
    if (latencyMs > 0) setTimeout(() => this.#handle(json), latencyMs);
    else this.#handle(json);
  }

  /** The client has gone: its turns end, its sessions stay until somebody deletes them. */
  closed(): void {
    this.#leaving.abort();
    this.#serverRequests.dispose();
    for (const session of this.#host.store.open.values()) {
      if (session.running?.turn.transport === this.#transport) session.running.abort.abort();
    }
    this.#host.store.notify();
  }

  kill(): void {
    this.#transport.kill();
  }

  #handle(json: string): void {
    if (this.#leaving.signal.aborted) return;
    const parsed = schema.incomingMessage.safeParse(parseJson(json));
    if (!parsed.success) {
      this.#host.store.violate(`JSON-RPC: not a message: ${json.slice(0, 200)}`);
      this.#reply(undefined, { code: -32_700, message: 'parse error' });
      return;
    }
    const message = parsed.data;
    if (!('method' in message)) {
      if (!this.#serverRequests.settle(message.id)) {
        this.#host.store.violate(`JSON-RPC: reply to no request: ${message.id}`);
      }
      return;
    }
    void this.#dispatch(message.method, message.params, message.id);
  }

  async #dispatch(method: string, params: unknown, id: Id): Promise<void> {
    if (method.startsWith('$/')) return;
    const call = ipcCalls.find((known) => known === method);
    const scenario = call === undefined ? undefined : this.#host.scenarios.take(call);
    if (scenario?.delayMs !== undefined) await pause(scenario.delayMs, this.#leaving.signal);
    if (scenario?.restart) this.#host.restart();
    if (scenario?.kill) this.#transport.kill();
    if (scenario?.kill || scenario?.restart || scenario?.silent || this.#leaving.signal.aborted) return;
    try {
      if (id === undefined && method !== 'session/cancel') {
        throw this.#broken(rpcCodes.invalidParams, `${method} needs an id`);
      }
      const result = this.#call(method, params, id, scenario ?? {});
      if (result !== 'later') this.#reply(id, undefined, result);
      if (method === 'initialize') this.#serverRequests.ask();
    } catch (error) {
      if (!(error instanceof RpcRefusal)) throw error;
      this.#reply(id, { code: error.code, message: error.message });
    }
  }

  /** The result, or `later` when the turn itself will answer. */
  #call(method: string, params: unknown, id: Id, scenario: IpcScenario): unknown {
    if (method !== 'initialize' && !this.#initialized) {
      throw this.#broken(rpcCodes.notInitialized, `${method} before initialize`);
    }
    if (scenario.error !== undefined) {
      if (method === 'session/prompt') this.#readPrompt(params);
      throw new RpcRefusal(scenario.error.code, scenario.error.message);
    }
    const { partial } = this.#host;
    if (method === 'initialize') return this.#initialize(params);
    if (method === 'config/queryModels') {
      this.#read(method, schema.queryModelsParams, params);
      return ipcModelList();
    }
    if (partial) throw new RpcRefusal(rpcCodes.methodNotFound, `Method not found: ${method}`);
    switch (method) {
      case 'session/new':
        return this.#newSession(params);
      case 'session/set_model':
        return this.#setModel(params);
      case 'session/prompt':
        this.#prompt(params, id, scenario);
        return 'later';
      case 'session/cancel':
        return this.#cancel(params);
      case 'chat/deleteSessionById':
        return this.#delete(params);
      default:
        throw this.#broken(rpcCodes.methodNotFound, `Method not found: ${method}`);
    }
  }

  #initialize(params: unknown): object {
    this.#read('initialize', schema.initializeParams, params);
    if (this.#initialized) throw this.#broken(-32_600, 'initialize came twice');
    this.#initialized = true;
    const name = this.#host.flavour === 'qoder' ? 'QoderCN' : 'Lingma';
    return {
      protocolVersion: 1,
      agentCapabilities: { promptCapabilities: { image: true, embeddedContext: true } },
      ...(this.#host.announcesAgent ? { agentInfo: { name, version: '2.11.2' } } : {}),
    };
  }

  #newSession(params: unknown): object {
    const { cwd } = this.#read('session/new', schema.newSessionParams, params);
    return { [this.#host.sessionIdField]: this.#host.store.add(cwd).id };
  }

  #setModel(params: unknown): null {
    const { sessionId, modelId } = this.#read('session/set_model', schema.setModelParams, params);
    this.#session('session/set_model', sessionId).model = this.#model('session/set_model', modelId);
    return null;
  }

  #cancel(params: unknown): null {
    const { sessionId } = this.#read('session/cancel', schema.cancelParams, params);
    this.#host.store.cancels.push(sessionId);
    const running = this.#host.store.open.get(sessionId)?.running;
    if (running !== undefined && !running.abort.signal.aborted) {
      running.abort.abort();
      sendFinish(running.turn, 'cancelled');
      running.turn.reply({ stopReason: 'cancelled' });
    }
    this.#host.store.notify();
    return null;
  }

  #delete(params: unknown): null {
    const read = this.#read('chat/deleteSessionById', schema.deleteParams, params);
    const { deleteForm, store: sessions } = this.#host;
    const form = 'id' in read ? 'id' : 'sessionId';
    if (deleteForm !== 'both' && deleteForm !== form)
      throw new RpcRefusal(rpcCodes.invalidParams, `missing ${deleteForm}`);
    const id = 'id' in read ? read.id : read.sessionId;
    if (sessions.remove(id)) return null;
    // A session of before a restart is gone, and its owner could not know.
    if (sessions.knew(id)) throw new RpcRefusal(rpcCodes.unknownSession, 'session not found');
    throw this.#broken(rpcCodes.unknownSession, 'chat/deleteSessionById: there never was such a session');
  }

  #readPrompt(params: unknown): { session: SimulatedSession; model: SimulatedModel; prompt: RecordedPrompt } {
    const method = 'session/prompt';
    const read = this.#read(method, schema.promptParams, params);
    const session = this.#session(method, read.sessionId);
    const meta = read._meta;
    const model = this.#model(method, meta['ai-coding/model']);
    if (session.model !== undefined && session.model !== model) {
      throw this.#broken(rpcCodes.invalidParams, `${method}: ai-coding/model is not the session's model`);
    }
    const requestId = meta['ai-coding/request-id'];
    if (!this.#host.store.claimRequestId(requestId)) {
      throw this.#broken(rpcCodes.invalidParams, `${method}: ai-coding/request-id was used before`);
    }
    if (session.running !== undefined) throw this.#broken(-32_000, `${method}: the session is busy`);
    const received = readImages(read, this.#host.flavour);
    if ('problem' in received) {
      const { message, foreignScheme } = received.problem;
      // Trying the other product's scheme is how a client finds out which runtime it talks to.
      throw foreignScheme
        ? new RpcRefusal(rpcCodes.invalidParams, message)
        : this.#broken(rpcCodes.invalidParams, message);
    }
    const text = read.prompt.map((block) => (block.type === 'text' ? block.text : '')).join('');
    const { images } = received;
    const recorded = { requestId, model: model.name, text, images, params: read, outcome: undefined };
    return { session, model, prompt: { sessionId: session.id, ...recorded } };
  }

  #prompt(params: unknown, id: Id, scenario: IpcScenario): void {
    const { session, model, prompt } = this.#readPrompt(params);
    const { store: sessions, keepRequests, state, torn } = this.#host;
    const abort = new AbortController();
    const turn: IpcTurn = {
      sessionId: session.id,
      requestId: prompt.requestId,
      transport: this.#transport,
      scenario,
      torn,
      promptLength: prompt.text.length,
      limitTokens: model.maxInputTokens,
      chunksPerSecond: state.chunksPerSecond,
      signal: abort.signal,
      reply: (result) => this.#reply(id, undefined, result),
      restart: () => this.#host.restart(),
      ask: () => this.#serverRequests.ask(),
    };
    session.running = { turn, abort };
    session.promptCount++;
    sessions.addPrompt(prompt, keepRequests);
    if (sessions.promptsEver % 3 === 1) this.#serverRequests.ask();
    void this.#run(session, turn, prompt);
  }

  async #run(session: SimulatedSession, turn: IpcTurn, prompt: RecordedPrompt): Promise<void> {
    try {
      const reply = await this.#host.state.brain({
        backend: 'ipc',
        model: prompt.model,
        prompt: prompt.text,
        images: prompt.images,
        sessionId: session.id,
      });
      prompt.outcome = turn.signal.aborted ? 'stopped' : await streamTurn(turn, reply);
    } catch (error) {
      prompt.outcome = 'broken';
      this.#host.store.violate(`the simulator failed: ${error instanceof Error ? error.stack : error}`);
      turn.transport.kill();
    }
    session.running = undefined;
    this.#host.store.notify();
  }

  #session(method: string, id: string): SimulatedSession {
    const { store: sessions } = this.#host;
    const session = sessions.open.get(id);
    if (session !== undefined) return session;
    if (sessions.knew(id)) throw new RpcRefusal(rpcCodes.unknownSession, 'session not found');
    throw this.#broken(rpcCodes.unknownSession, `${method}: there never was such a session`);
  }

  #model(method: string, id: string): SimulatedModel {
    const model = simulatedModels.find((candidate) => candidate.ipcId === id);
    if (model === undefined)
      throw this.#broken(rpcCodes.invalidParams, `${method}: model id ${id} is not listed`);
    return model;
  }

  #read<T>(method: string, shape: z.ZodType<T>, params: unknown): T {
    const parsed = shape.safeParse(params);
    if (parsed.success) return parsed.data;
    throw this.#broken(rpcCodes.invalidParams, `${method}: ${describe(parsed.error)}`);
  }

  /** A refusal that is the client's fault, kept for the test that looks. */
  #broken(code: number, message: string): RpcRefusal {
    this.#host.store.violate(message);
    return new RpcRefusal(code, message);
  }

  #reply(id: Id, error?: { code: number; message: string }, result: unknown = null): void {
    if (id === undefined && error?.code !== -32_700) return;
    const outcome = error === undefined ? { result } : { error };
    this.#transport.send(JSON.stringify({ jsonrpc: '2.0', id: id ?? null, ...outcome }));
  }
}

const ipcCalls: readonly IpcCall[] = [
  'initialize',
  'config/queryModels',
  'session/new',
  'session/set_model',
  'session/prompt',
  'chat/deleteSessionById',
];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
