import { randomBytes } from 'node:crypto';
import { strToU8, type Zippable, zipSync } from 'fflate';
import type { Settings } from '../config/settings.ts';
import type { BaseUrlSource } from '../runtime/base-url.ts';
import { formatCredentials } from '../runtime/credentials-file.ts';
import { bundleCompose } from './bundle-compose.ts';
import { bundleReadme } from './bundle-readme.ts';
import { bundleFiles, bundleSettings } from './bundle-settings.ts';
import type { Exported, RemoteAuthOptions } from './export-remote-auth.ts';
import { writePrivateFile } from './write-private-file.ts';

export interface ServerBundleOptions extends RemoteAuthOptions {
  readonly baseUrl: BaseUrlSource;
  /** Those that the server is to have too, as far as they make sense there. */
  readonly settings: Settings;
  /** Of this program. */
  readonly version: string;
}

/** The mark of files made on Unix, and the rights of a file that its owner alone reads and writes, as a zip holds them. */
const unix = 3;
const ownerOnly = 0o100600 << 16;

/**
 * Writes a zip with all that a server needs besides the program: the login, a new API key, settings, a compose file and a README. Throws a
 * `ProxyError` when there is no login, or the file is there already.
 */
export async function exportServerBundle(options: ServerBundleOptions): Promise<Exported> {
  const { login, baseUrl, settings, version, file, overwrite } = options;
  const found = await login.read();
  const { source, expiresAt } = found;
  const contents: Readonly<Record<string, string>> = {
    [bundleFiles.credentials]: formatCredentials(found),
    [bundleFiles.apiKey]: `${randomBytes(32).toString('base64url')}\n`,
    [bundleFiles.settings]: `${JSON.stringify(bundleSettings(settings, await baseUrl.read()), undefined, 2)}\n`,
    [bundleFiles.compose]: bundleCompose(version),
    [bundleFiles.readme]: bundleReadme(version, expiresAt),
  };
  const entries: Zippable = {};
  for (const [name, text] of Object.entries(contents)) {
    entries[name] = [strToU8(text), { os: unix, attrs: ownerOnly }];
  }
  await writePrivateFile(file, zipSync(entries), overwrite);
  return { file, source, ...(expiresAt !== undefined && { expiresAt }) };
}
