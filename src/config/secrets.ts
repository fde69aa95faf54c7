import { parseUrl } from '../core/parse-url.ts';
import type { Settings } from './settings.ts';
import { settingNames, settingTable } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/** Every secret that settings and environment hold: keys, and the passwords in addresses. */
export function secretsIn(settings: Settings, environment: Environment): string[] {
  const proxies = proxyVariables.flatMap((name) => [environment[name], environment[name.toLowerCase()]]);
  const addresses = [settings.remoteBaseUrl, settings.remoteProxyUrl, settings.websocketUrl, ...proxies];
  return [
    settings.apiKey,
    ...settings.apiKeys.map(({ key }) => key),
    ...addresses.flatMap((address) => passwordsIn(address ?? '')),
  ].filter((secret) => secret !== '');
}

/** As it is written, and as it is meant. */
function passwordsIn(address: string): string[] {
  const text = address.includes('://') ? address : `http://${address}`;
  const password = parseUrl(text)?.password;
  if (password === undefined) return [];
  return [password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first flag among these whose value every user of this computer can read in the list of processes. */
export function secretFlagIn(argv: readonly string[]): string | undefined {
  return settingNames
    .filter((name) => settingTable[name].secret === true)
    .map((name) => `--${settingTable[name].flag}`)
    .find((flag) => argv.some((given) => given === flag || given.startsWith(`${flag}=`)));
}
