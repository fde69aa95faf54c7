import { homedir, tmpdir } from 'node:os';
import { createIpcBackend, type IpcBackend } from './backends/ipc/backend.ts';
import { createRemoteBackend, type RemoteBackend } from './backends/remote/backend.ts';
import { isLoopbackHost } from './config/loopback-host.ts';
import type { Settings } from './config/settings.ts';
import type { Backend, Policy } from './core/backend.ts';
import type { Logger } from './core/logger.ts';
import type { KnownModel, Model } from './core/models.ts';
import type { Turn } from './core/turn.ts';
import { defaultImageLimits, loadImage } from './images/image-loader.ts';
import { CachedModels } from './policies/cached-models.ts';
import { type ConcurrencyPolicy, concurrency } from './policies/concurrency.ts';
import { contextLimit } from './policies/context-limit.ts';
import { fallback } from './policies/fallback.ts';
import { imageContext } from './policies/image-context.ts';
import { jsonOutput } from './policies/json-output.ts';
import type { LoadImage } from './policies/load-images.ts';
import { loadedImages } from './policies/loaded-images.ts';
import { resolveModel } from './policies/model-mapping/resolve-model.ts';
import { modelMapping } from './policies/model-mapping.ts';
import { portableTools } from './policies/portable-tools.ts';
import { singleToolCall } from './policies/single-tool-call.ts';
import { stopSequences } from './policies/stop-sequences.ts';
import { TokenCounter } from './policies/token-counter.ts';
import { toolEmulation } from './policies/tool-emulation/tool-emulation.ts';
import type { BaseUrlSource } from './runtime/base-url.ts';
import type { Computer } from './runtime/computer.ts';
import type { LoginSource } from './runtime/login-source.ts';
import { findRuntimeEndpoints } from './runtime/runtime-endpoints.ts';

export interface Sources {
  readonly computer: Computer;
  readonly login: LoginSource;
  readonly baseUrl: BaseUrlSource;
  readonly logger: Logger;
}

/** Both upstreams with their policies around them. */
export interface Composition {
  readonly remote: { readonly raw: RemoteBackend; readonly backend: Backend; readonly models: CachedModels };
  readonly ipc: { readonly raw: IpcBackend; readonly backend: Backend; readonly models: CachedModels };
  /** Where a local runtime may listen now, by what lies on this computer. */
  readonly findRuntimes: () => ReturnType<typeof findRuntimeEndpoints>;
  readonly pool: ConcurrencyPolicy;
  /** What the active upstream is told for a model's name; '' is no name. Undefined while only its list could tell. */
  readonly resolveModel: (name: string) => string | undefined;
  /** An estimate of a turn's input tokens, for the model that would answer it. */
  readonly countTokens: (turn: Turn) => number;
}

const modelListTimeoutMs = 30_000;

/** How each upstream calls a known model while its list is not there to tell. */
const remoteName = ({ key }: KnownModel): string => key;
const ipcName = ({ name }: KnownModel): string => name;

/** Puts backends and policies together, as ARCHITECTURE.md shows. Nothing is opened yet. */
export function composeBackends(settings: Settings, sources: Sources): Composition {
  const pool = concurrency(() => settings.maxConcurrent);
  const counter = new TokenCounter();
  const load = imageLoader(settings);

  const mapping = (models: CachedModels, nameOf: (known: KnownModel) => string): Policy =>
    modelMapping({ models, settings: () => modelSettings(settings), nameOf });
  const limit = (models: CachedModels): Policy =>
    contextLimit({ counter, contextWindow: (key) => findByKey(models, key)?.contextWindow });

  const findRuntimes = () =>
    findRuntimeEndpoints({
      computer: sources.computer,
      transport: settings.transport,
      websocketUrl: settings.websocketUrl,
      pipe: settings.pipe,
      sharedClientInfo: settings.sharedClientInfo,
    });
  const ipcRaw = createIpc(settings, sources, findRuntimes);
  const ipcModels = cachedModels(ipcRaw);
  // Without the pool: a remote turn that needs the local runtime for its images has its place already.
  const ipcTurns = wrap(ipcRaw, [
    mapping(ipcModels, ipcName),
    stopSequences(),
    jsonOutput(),
    limit(ipcModels),
    loadedImages(load),
    toolEmulation({ aggregate: settings.aggregateToolStream }),
  ]);

  const remoteRaw = createRemote(settings, sources);
  const remoteModels = cachedModels(remoteRaw);
  const remoteTurns = wrap(remoteRaw, [
    mapping(remoteModels, remoteName),
    imageContext({
      imageBackend: ipcTurns,
      load,
      upload: {
        isWorthTrying: (key) => settings.remoteImageUpload && findByKey(remoteModels, key)?.vision === true,
        upload: (image, context) => remoteRaw.uploadImage(image, context),
      },
    }),
    stopSequences(),
    // Asks twice at times, and then reports the sum: what is counted and learned has to be one request's.
    jsonOutput(),
    limit(remoteModels),
    singleToolCall(),
    portableTools(),
    fallback({
      models: () => settings.remoteFallbackModels,
      enabled: () => settings.remoteFallbackEnabled,
      listed: () => remoteModels.cached(),
    }),
  ]);

  const resolve = (name: string) => {
    const [models, nameOf] =
      settings.backend === 'remote' ? [remoteModels, remoteName] : [ipcModels, ipcName];
    return resolveModel(name, modelSettings(settings), models.cached(), nameOf)?.used;
  };

  return {
    remote: { raw: remoteRaw, backend: pool(remoteTurns), models: remoteModels },
    ipc: { raw: ipcRaw, backend: pool(ipcTurns), models: ipcModels },
    findRuntimes,
    pool,
    resolveModel: resolve,
    countTokens: (turn) => counter.count(turn, resolve(turn.model) ?? turn.model),
  };
}

/** The policies around a backend, the first outermost. */
function wrap(backend: Backend, policies: readonly Policy[]): Backend {
  return policies.reduceRight((inner, policy) => policy(inner), backend);
}

function createRemote(settings: Settings, { login, baseUrl, logger }: Sources): RemoteBackend {
  return createRemoteBackend({
    login: () => login.read(),
    baseUrl: () => baseUrl.read(),
    profile: settings.remoteProfile,
    ...(settings.remoteVersion === '' ? {} : { cosyVersion: settings.remoteVersion }),
    ...(settings.remoteEncodeBody ? { encodeBody: true } : {}),
    ...(settings.remoteProxyUrl === '' ? {} : { proxyUrl: settings.remoteProxyUrl }),
    modelListTimeoutMs,
    idleTimeoutMs: settings.idleTimeoutSeconds * 1_000,
    logger,
  });
}

function createIpc(
  settings: Settings,
  { logger }: Sources,
  findRuntimes: Composition['findRuntimes'],
): IpcBackend {
  let rejected = '';
  return createIpcBackend({
    findEndpoints: async () => {
      const found = await findRuntimes();
      rejected = found.rejected.map(({ source, reason }) => `${source} ${reason}.`).join(' ');
      return found.endpoints;
    },
    noEndpointReason: () => rejected,
    mode: settings.mode,
    shellType: settings.shellType,
    cwd: settings.cwd,
    currentFilePath: settings.currentFilePath,
    sessionMode: settings.sessionMode,
    prepareSessions: settings.prepareSessions,
    idleTimeoutMs: settings.idleTimeoutSeconds * 1_000,
    logger,
  });
}

function imageLoader(settings: Settings): LoadImage {
  const limits = {
    ...defaultImageLimits,
    allowLocalNetwork: isLoopbackHost(settings.host),
    fileRoots: [homedir(), settings.cwd, tmpdir()],
  };
  return (image, { signal, mayReadFiles }) =>
    loadImage(image, mayReadFiles === true ? limits : { ...limits, fileRoots: [] }, signal);
}

function modelSettings({ model, smallModel, modelRules }: Settings) {
  return {
    defaultModel: model,
    rules: modelRules.map(({ pattern, model: target }) => ({ match: pattern, model: target })),
    ...(smallModel === '' ? {} : { smallModel }),
  };
}

function cachedModels(backend: Backend): CachedModels {
  return new CachedModels((signal) => backend.listModels(signal), { timeoutMs: modelListTimeoutMs });
}

function findByKey(models: CachedModels, key: string): Model | undefined {
  return models.cached()?.find((model) => model.key === key);
}
