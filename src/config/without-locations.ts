import type { Settings } from './settings.ts';

/** The settings less those that lead to a particular service, login or runtime: for a proxy that is to find a simulated one. */
export function withoutLocations(settings: Settings): Settings {
  return {
    ...settings,
    remoteBaseUrl: '',
    remoteProxyUrl: '',
    remoteAuthFile: '',
    cacheDirectory: '',
    websocketUrl: '',
    pipe: '',
    sharedClientInfo: '',
  };
}
