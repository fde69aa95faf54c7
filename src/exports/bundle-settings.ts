import { isDeepStrictEqual } from 'node:util';
import { type SettingName, type Settings, settingTable } from '../config/settings.ts';
import type { BaseUrl } from '../core/login.ts';

/** What holds on a server as well as here; the rest belongs to this computer, its network, or a person at it. */
const carried: readonly SettingName[] = [
  'maxConcurrent',
  'timeoutSeconds',
  'idleTimeoutSeconds',
  'bodyLimitMegabytes',
  'imageLocalNetwork',
  'model',
  'smallModel',
  'modelRules',
  'remoteVersion',
  'remoteProfile',
  'remoteEncodeBody',
  'remoteFallbackEnabled',
  'remoteFallbackModels',
  'remoteImageUpload',
];

/** The names of the bundle's files, which its settings mention. */
export const bundleFiles = {
  credentials: 'credentials.json',
  apiKey: 'api-key',
  settings: 'lingma-proxy.json',
  compose: 'docker-compose.yml',
  readme: 'README.md',
} as const;

/** The settings file of a server that has only the bundle: loopback unless told otherwise, with a key in any case. */
export function bundleSettings(settings: Settings, baseUrl: BaseUrl): Readonly<Record<string, unknown>> {
  const differing = carried.filter((name) => !isDeepStrictEqual(settings[name], settingTable[name].default));
  return {
    backend: 'remote',
    remote_auth_file: bundleFiles.credentials,
    ...(baseUrl.source === 'default' ? {} : { remote_base_url: baseUrl.url }),
    api_key_file: bundleFiles.apiKey,
    stop_seconds: 30,
    ...Object.fromEntries(differing.map((name) => [settingTable[name].jsonKey, settings[name]])),
  };
}
