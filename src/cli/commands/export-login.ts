import { resolve } from 'node:path';
import type { WantedExports } from '../../config/read-flags.ts';
import type { Settings } from '../../config/settings.ts';
import { toProxyError } from '../../core/errors.ts';
import { wordsOf } from '../../core/failure.ts';
import type { Localizer } from '../../core/localizer.ts';
import { type Exported, exportRemoteAuth } from '../../exports/export-remote-auth.ts';
import { exportServerBundle } from '../../exports/export-server-bundle.ts';
import { secretWarning } from '../../exports/secret-warning.ts';
import { createBaseUrlSource } from '../../runtime/base-url.ts';
import { createLoginSource } from '../../runtime/login-source.ts';
import { version } from '../../version.ts';

/** Writes the files that were asked for, and says what they are. Resolves to the exit code. */
export async function exportLogin(
  settings: Settings,
  wanted: WantedExports,
  l10n: Localizer,
): Promise<number> {
  const login = createLoginSource({
    authFile: settings.remoteAuthFile,
    cacheDirectory: settings.cacheDirectory,
    pick: settings.remoteAuthPick,
  });
  const { overwrite } = wanted;
  try {
    if (wanted.remoteAuth !== undefined) {
      const exported = await exportRemoteAuth({ login, file: resolve(wanted.remoteAuth), overwrite });
      report(exported, l10n.t('Use it with: lingma-proxy --remote-auth-file {0}', exported.file), l10n);
    }
    if (wanted.serverBundle !== undefined) {
      const baseUrl = createBaseUrlSource({
        setting: settings.remoteBaseUrl,
        cacheDirectory: settings.cacheDirectory,
      });
      const file = resolve(wanted.serverBundle);
      report(
        await exportServerBundle({ login, baseUrl, settings, version, file, overwrite }),
        l10n.t('Unpack it on the server and read its README.md.'),
        l10n,
      );
    }
    return 0;
  } catch (error) {
    console.error(wordsOf(toProxyError(error), l10n));
    return 1;
  }
}

function report({ file, source, expiresAt }: Exported, next: string, l10n: Localizer): void {
  const rule = '!'.repeat(100);
  console.log(l10n.t('wrote {0} from the login in {1}', file, source));
  console.error([rule, ...secretWarning(file, expiresAt, l10n).map((line) => `!  ${line}`), rule].join('\n'));
  console.log(next);
}
