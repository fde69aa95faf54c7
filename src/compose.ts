import { homedir, tmpdir } from 'node:os';
import { createIpcBackend, type IpcBackend } from './backends/ipc/backend.ts';
import { createRemoteBackend, type RemoteBackend } from './backends/remote/backend.ts';
import type { ApiKey } from './config/api-keys.ts';
import { isLoopbackHost } from './config/loopback-host.ts';
import type { Settings } from './config/settings.ts';
import type { Backend, Policy } from './core/backend.ts';
import { type Phrase, phrase } from './core/localizer.ts';
import type { Logger } from './core/logger.ts';
import { sourceName } from './core/login.ts';
import type { KnownModel, Model } from './core/models.ts';
import type { Turn } from './core/turn.ts';
import { findRuntimes } from './discovery.ts';
import { CachedModels } from './policies/cached-models.ts';
import { callerConcurrency } from './policies/caller-concurrency.ts';
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
  readonly pool: ConcurrencyPolicy;
  /** What the active upstream is told for a model's name; '' is no name. Undefined while only its list could tell. */
  readonly resolveModel: (name: string) => string | undefined;
  /** An estimate of a turn's input tokens, for the model that would answer it to its caller. */
  readonly countTokens: (turn: Turn, caller: string | undefined) => number;
}

const modelListTimeoutMs = 30_000;

/** How each upstream calls a known model while its list is not there to tell. */
const remoteName = ({ key }: KnownModel): string => key;
const ipcName = ({ name }: KnownModel): string => name;

/** Puts backends and policies together, as ARCHITECTURE.md shows. Nothing is opened yet. */
export function composeBackends(settings: Settings, sources: Sources): Composition {
  const pool = concurrency(() => settings.maxConcurrent);
  const callers = callerConcurrency((name) => apiKeyNamed(settings, name)?.maxConcurrent ?? 0);
  const counter = new TokenCounter();
  const load = imageLoader(settings);

  const mapping = (models: CachedModels, nameOf: (known: KnownModel) => string): Policy =>
    modelMapping({ models, settings: ({ caller }) => modelSettings(settings, caller), nameOf });
  const limit = (models: CachedModels): Policy =>
    contextLimit({ counter, contextWindow: (key) => findByKey(models, key)?.contextWindow });

  const ipcRaw = createIpc(settings, sources);
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

  const resolve = (name: string, caller?: string) => {
    const [models, nameOf] =
      settings.backend === 'remote' ? [remoteModels, remoteName] : [ipcModels, ipcName];
    return resolveModel(name, modelSettings(settings, caller), models.cached(), nameOf)?.used;
  };

  return {
    remote: { raw: remoteRaw, backend: callers(pool(remoteTurns)), models: remoteModels },
    ipc: { raw: ipcRaw, backend: callers(pool(ipcTurns)), models: ipcModels },
    pool,
    resolveModel: resolve,
    countTokens: (turn, caller) => counter.count(turn, resolve(turn.model, caller) ?? turn.model),
  };
}

/** The policies around a backend, the first outermost. */
function wrap(backend: Backend, policies: readonly Policy[]): Backend {
  return policies.reduceRight((inner, policy) => policy(inner), backend);
}

function createRemote(settings: Settings, { computer, login, baseUrl, logger }: Sources): RemoteBackend {
  return createRemoteBackend({
    login: (anew) => login.read(anew),
    baseUrl: () => baseUrl.read(),
    profile: settings.remoteProfile,
    ...(settings.remoteVersion === '' ? {} : { cosyVersion: settings.remoteVersion }),
    ...(settings.remoteEncodeBody ? { encodeBody: true } : {}),
    ...(settings.remoteProxyUrl === '' ? {} : { proxyUrl: settings.remoteProxyUrl }),
    environment: computer.env,
    modelListTimeoutMs,
    idleTimeoutMs: settings.idleTimeoutSeconds * 1_000,
    logger,
  });
}

function createIpc(settings: Settings, { computer, logger }: Sources): IpcBackend {
  let rejected: readonly Phrase[] = [];
  return createIpcBackend({
    findEndpoints: async () => {
      const found = await findRuntimes(settings, computer);
      rejected = found.rejected.map(({ source, reason }) => phrase('{0} {1}.', sourceName(source), reason));
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
  const allowLocalNetwork = (isOwn: boolean) =>
    settings.imageLocalNetwork === 'always' ||
    (settings.imageLocalNetwork === 'auto' && isOwn && isLoopbackHost(settings.host));
  const fileRoots = [homedir(), settings.cwd, tmpdir()];
  return async (image, { signal, fromThisComputer: isOwn = false }) => {
    const { defaultImageLimits, loadImage } = await import('./images/image-loader.ts');
    const own = { allowLocalNetwork: allowLocalNetwork(isOwn), fileRoots: isOwn ? fileRoots : [] };
    return loadImage(image, { ...defaultImageLimits, ...own }, signal);
  };
}

/** What the caller's own key says of models comes before what is set for everybody. */
function modelSettings(settings: Settings, caller: string | undefined) {
  const own = caller === undefined ? undefined : apiKeyNamed(settings, caller);
  const smallModel = own?.smallModel || settings.smallModel;
  return {
    defaultModel: own?.model || settings.model,
    rules: [...(own?.modelRules ?? []), ...settings.modelRules].map(({ pattern, model }) => ({
      match: pattern,
      model,
    })),
    ...(smallModel === '' ? {} : { smallModel }),
  };
}

function apiKeyNamed({ apiKeys }: Settings, name: string): ApiKey | undefined {
  return apiKeys.find((each) => each.name === name);
}

function cachedModels(backend: Backend): CachedModels {
  return new CachedModels((signal) => backend.listModels(signal), { timeoutMs: modelListTimeoutMs });
}

function findByKey(models: CachedModels, key: string): Model | undefined {
  return models.cached()?.find((model) => model.key === key);
}
