import { randomUUID } from 'node:crypto';
import type { Backend, RunContext } from '../../core/backend.ts';
import { ProxyError, throwIfAborted } from '../../core/errors.ts';
import { phrase } from '../../core/localizer.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import type { BaseUrl, Login } from '../../core/login.ts';
import type { Model } from '../../core/models.ts';
import { estimateTurnTokens } from '../../core/tokens.ts';
import type { Trace } from '../../core/trace.ts';
import type { Image, Turn } from '../../core/turn.ts';
import { type PreparedChat, runChat } from './chat-run.ts';
import { ChatStream } from './chat-stream.ts';
import { type ClientProfile, profileTraits } from './client-profile.ts';
import { encodeBody } from './encode-body.ts';
import { chatEndpoint, encodedChatEndpoint, imageUploadEndpoint, modelListEndpoint } from './endpoints.ts';
import type { HttpResponse } from './http-client.ts';
import { type ChosenModel, chooseModel } from './model-key.ts';
import { parseModels } from './models.ts';
import { type Destination, type RemoteCall, RemoteConnection } from './remote-connection.ts';
import { chatBody, loweredLimit, unsentFields } from './request-body.ts';
import { machineOs } from './sign.ts';
import { parseUploadedUrl } from './uploaded-images.ts';
import { createDispatcher, type Environment } from './upstream-dispatcher.ts';
import { saysNoSuchKey, upstreamError } from './upstream-error.ts';

const mostModelListBytes = 8 * 1024 * 1024;
const mostUploadReplyBytes = 64 * 1024;
const noBytes = new Uint8Array();

export interface RemoteBackendOptions {
  /**
   * Asked at every request, because the IDE may rewrite the login; `anew` when upstream has just refused it. Throws
   * `login-required`.
   */
  readonly login: (anew?: 'anew') => Promise<Login>;
  readonly baseUrl: () => Promise<BaseUrl>;
  /** Which of the product's clients to look like. Default `plugin`. */
  readonly profile?: ClientProfile;
  /** `Cosy-Version`. Default: the profile's own, 2.11.2 for `plugin`. */
  readonly cosyVersion?: string;
  /** Whether chat bodies go in the `&Encode=1` form. Default: as the profile does, no for `plugin`. */
  readonly encodeBody?: boolean;
  /** An http(s) proxy for upstream requests. Default: what the environment's variables say. */
  readonly proxyUrl?: string;
  readonly environment?: Environment;
  /** Milliseconds. Default 30 s. */
  readonly modelListTimeoutMs?: number;
  /** Milliseconds without any byte from upstream after which a chat is given up. Default 0: never. */
  readonly idleTimeoutMs?: number;
  readonly logger?: Logger;
  /** Unix milliseconds; for tests. */
  readonly now?: () => number;
  /** uuid4; for tests. */
  readonly makeUuid?: () => string;
}

export interface RemoteBackend extends Backend {
  /**
   * Opens a connection by asking for the models, so that the first turn need not wait for a handshake. Never throws; a
   * failure is logged.
   */
  warmUp(signal: AbortSignal): Promise<void>;
  /** Gives an image to upstream; resolves to the URL by which a chat may name it. Throws `ProxyError`. */
  uploadImage(image: Image, context: RunContext): Promise<string>;
}

/** The backend that speaks to the Lingma service itself. Throws `invalid-request` for an unusable `proxyUrl`. */
export function createRemoteBackend(options: RemoteBackendOptions): RemoteBackend {
  return new Remote(options);
}

class Remote implements RemoteBackend {
  readonly #options: RemoteBackendOptions;
  readonly #dispatcher;
  readonly #connection: RemoteConnection;
  readonly #profile: ClientProfile;
  readonly #cosyVersion: string;
  readonly #encodes: boolean;
  readonly #now: () => number;
  readonly #makeUuid: () => string;
  /** What upstream listed last: tells which key a name stands for. */
  #listed: readonly Model[] = [];

  constructor(options: RemoteBackendOptions) {
    this.#options = options;
    this.#profile = options.profile ?? 'plugin';
    const traits = profileTraits[this.#profile];
    this.#cosyVersion = options.cosyVersion || traits.defaultVersion;
    this.#encodes = options.encodeBody ?? traits.encodesBody;
    this.#now = options.now ?? Date.now;
    this.#makeUuid = options.makeUuid ?? randomUUID;
    this.#dispatcher = createDispatcher(options.proxyUrl ?? '', options.environment ?? process.env);
    this.#connection = new RemoteConnection({
      dispatcher: this.#dispatcher,
      profile: this.#profile,
      cosyVersion: this.#cosyVersion,
      machineOs: machineOs(),
      now: this.#now,
      makeUuid: this.#makeUuid,
    });
  }

  async listModels(signal: AbortSignal): Promise<readonly Model[]> {
    throwIfAborted(signal);
    const controller = new AbortController();
    const onAbort = () => controller.abort(signal.reason);
    const timeoutMs = this.#options.modelListTimeoutMs ?? 30_000;
    const timer = setTimeout(() => controller.abort(slowModelList(timeoutMs)), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#listed = await this.#fetchModels(controller.signal);
      return this.#listed;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  run(turn: Turn, context: RunContext) {
    return runChat({
      context,
      idleTimeoutMs: this.#options.idleTimeoutMs ?? 0,
      prepare: (signal) => this.#prepare(turn, context, signal),
    });
  }

  async warmUp(signal: AbortSignal): Promise<void> {
    try {
      await this.listModels(signal);
    } catch (error) {
      const reason = error instanceof ProxyError ? error.message : String(error);
      (this.#options.logger ?? silentLogger).warn(`Could not reach the remote API ahead of time: ${reason}`);
    }
  }

  async uploadImage({ source }: Image, { signal, trace }: RunContext): Promise<string> {
    const requestId = this.#makeUuid();
    const uri = source.kind === 'base64' ? `data:${source.mediaType};base64,${source.data}` : source.url;
    const bodyText = JSON.stringify({ ImageUri: uri, RequestId: requestId });
    const call: RemoteCall = {
      destination: await this.#destination(),
      endpoint: imageUploadEndpoint(requestId),
      method: 'POST',
      accept: 'application/json',
      body: Buffer.from(bodyText),
      bodyText,
      signal,
      trace,
    };
    const response = await this.#send(call);
    return parseUploadedUrl(await this.#connection.readBody(response.body, mostUploadReplyBytes, call));
  }

  async dispose(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #destination(): Promise<Destination> {
    const [login, baseUrl] = await Promise.all([this.#options.login(), this.#options.baseUrl()]);
    return { login, baseUrl };
  }

  /** The IDE may have renewed its login after this request was signed: then it goes out once more, with the new one. */
  async #send(call: RemoteCall): Promise<HttpResponse> {
    try {
      return await this.#connection.send(call);
    } catch (error) {
      if (!(error instanceof ProxyError) || error.details.upstreamStatus !== 401) throw error;
      const login = await this.#options.login('anew');
      if (login.cosyKey === call.destination.login.cosyKey) throw error;
      const text =
        'The login was renewed while the request was on its way; it was sent again with the new one.';
      call.trace?.note({ type: 'remark', text });
      return this.#connection.send({ ...call, destination: { ...call.destination, login } });
    }
  }

  async #fetchModels(signal: AbortSignal): Promise<readonly Model[]> {
    const destination = await this.#destination();
    const call: RemoteCall = {
      destination,
      endpoint: modelListEndpoint,
      method: 'GET',
      accept: 'application/json',
      body: noBytes,
      bodyText: '',
      signal,
    };
    const response = await this.#send(call);
    const text = await this.#connection.readBody(response.body, mostModelListBytes, call);
    if (saysNoSuchKey(text)) throw upstreamError({ status: 404, text, where: 'http' }, destination);
    return parseModels(text);
  }

  async #prepare(turn: Turn, { trace }: RunContext, signal: AbortSignal): Promise<PreparedChat> {
    // The login's file is looked at while the body is made.
    const [destination, { model, bodyText }] = await Promise.all([this.#destination(), this.#encode(turn)]);
    noteLosses(turn, trace);
    const bytes = Buffer.from(bodyText);
    const call: RemoteCall = {
      destination,
      endpoint: this.#encodes ? encodedChatEndpoint : chatEndpoint,
      method: 'POST',
      accept: 'text/event-stream',
      body: this.#encodes ? encodeBody(bytes) : bytes,
      bodyText,
      model: model.key,
      signal,
      trace,
    };
    return {
      send: () => this.#send(call),
      createStream: () =>
        new ChatStream({
          model: model.key,
          inputTokens: estimateTurnTokens(turn),
          toError: (failure) => upstreamError(failure, { ...destination, model: model.key }),
          makeCallId: () => `call_${this.#makeUuid().replaceAll('-', '').slice(0, 24)}`,
          onOddity: (text) => trace.note({ type: 'oddity', text }),
          onRead: (piece) => trace.upstreamData(piece),
        }),
      toConnectionError: (thrown) => this.#connection.toConnectionError(thrown, call),
    };
  }

  async #encode(turn: Turn): Promise<{ readonly model: ChosenModel; readonly bodyText: string }> {
    const model = chooseModel(turn.model, this.#listed);
    const body = chatBody(turn, {
      model,
      profile: this.#profile,
      cosyVersion: this.#cosyVersion,
      requestUuid: this.#makeUuid(),
      secondUuid: this.#makeUuid(),
      now: this.#now(),
    });
    return { model, bodyText: JSON.stringify(body) };
  }
}

function noteLosses(turn: Turn, trace: Trace): void {
  const fields = unsentFields(turn);
  if (fields.length > 0) trace.note({ type: 'ignored', fields });
  const text = loweredLimit(turn);
  if (text !== undefined) trace.note({ type: 'remark', text });
}

function slowModelList(timeoutMs: number): ProxyError {
  return new ProxyError(
    'timeout',
    phrase(
      'Upstream did not list its models within {0} seconds. Check the network connection and the remote base URL.',
      Math.round(timeoutMs / 1000),
    ),
    { retryAfterSeconds: 2 },
  );
}
