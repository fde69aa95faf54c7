import { resolve } from 'node:path';
import type { WantedExports } from '../../config/read-flags.ts';
import type { Settings } from '../../config/settings.ts';
import { toProxyError } from '../../core/errors.ts';
import { type Exported, exportRemoteAuth } from '../../exports/export-remote-auth.ts';
import { exportServerBundle } from '../../exports/export-server-bundle.ts';
import { secretWarning } from '../../exports/secret-warning.ts';
import { createBaseUrlSource } from '../../runtime/base-url.ts';
import { createLoginSource } from '../../runtime/login-source.ts';
import { version } from '../../version.ts';

/** Writes the files that were asked for, and says what they are. Resolves to the exit code. */
export async function exportLogin(settings: Settings, wanted: WantedExports): Promise<number> {
  const login = createLoginSource({
    authFile: settings.remoteAuthFile,
    cacheDirectory: settings.cacheDirectory,
    pick: settings.remoteAuthPick,
  });
  const { overwrite } = wanted;
  try {
    if (wanted.remoteAuth !== undefined) {
      const exported = await exportRemoteAuth({ login, file: resolve(wanted.remoteAuth), overwrite });
      report(exported, `Use it with: lingma-proxy --remote-auth-file ${exported.file}`);
    }
    if (wanted.serverBundle !== undefined) {
      const baseUrl = createBaseUrlSource({
        setting: settings.remoteBaseUrl,
        cacheDirectory: settings.cacheDirectory,
      });
      const file = resolve(wanted.serverBundle);
      report(
        await exportServerBundle({ login, baseUrl, settings, version, file, overwrite }),
        'Unpack it on the server and read its README.md.',
      );
    }
    return 0;
  } catch (error) {
    console.error(toProxyError(error).message);
    return 1;
  }
}

function report({ file, source, expiresAt }: Exported, next: string): void {
  const rule = '!'.repeat(100);
  console.log(`wrote ${file} from the login in ${source}`);
  console.error([rule, ...secretWarning(file, expiresAt).map((line) => `!  ${line}`), rule].join('\n'));
  console.log(next);
}
