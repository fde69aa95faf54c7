import type { Settings } from './config/settings.ts';
import { type BaseUrlSource, createBaseUrlSource } from './runtime/base-url.ts';
import type { Computer } from './runtime/computer.ts';
import { createLoginSource, type LoginSource } from './runtime/login-source.ts';
import { findRuntimeEndpoints, type RuntimeEndpoints } from './runtime/runtime-endpoints.ts';

/** Where a local runtime may listen now, by what lies on the computer and what is set. Never throws. */
export function findRuntimes(settings: Settings, computer: Computer): Promise<RuntimeEndpoints> {
  return findRuntimeEndpoints({
    computer,
    transport: settings.transport,
    websocketUrl: settings.websocketUrl,
    pipe: settings.pipe,
    sharedClientInfo: settings.sharedClientInfo,
  });
}

/** The login for the remote API, as the settings have it looked for. */
export function loginSourceOf(settings: Settings, computer: Computer): LoginSource {
  return createLoginSource({
    computer,
    authFile: settings.remoteAuthFile,
    cacheDirectory: settings.cacheDirectory,
    pick: settings.remoteAuthPick,
  });
}

/** Where the remote API is, as the settings have it looked for. Throws `invalid-request` when what is set is no http(s) URL. */
export function baseUrlSourceOf(settings: Settings, computer: Computer): BaseUrlSource {
  return createBaseUrlSource({
    computer,
    setting: settings.remoteBaseUrl,
    cacheDirectory: settings.cacheDirectory,
  });
}
