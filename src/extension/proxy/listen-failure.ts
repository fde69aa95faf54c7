import type { Settings } from '../../config/settings.ts';
import type { Localizer } from '../../core/localizer.ts';
import { findPortHolder } from '../../port-holder.ts';
import { StartFailure } from './start-failure.ts';

/** Explains why the proxy cannot listen where its settings say. */
export async function listenFailure(
  error: unknown,
  { host, port }: Settings,
  l10n: Localizer,
  holderOf = findPortHolder,
): Promise<StartFailure> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE': {
      const holder = (await holderOf(host, port)) ?? l10n.t('another program');
      return new StartFailure(l10n.t('Port {0} on {1} is taken by {2}.', port, host, holder), 'another-port');
    }
    case 'EACCES':
      return new StartFailure(
        l10n.t('This user may not listen on port {0}. Choose a port above 1023.', port),
        'another-port',
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartFailure(
        l10n.t('{0} is not an address of this computer. 127.0.0.1 always works.', host),
        'settings',
      );
    default:
      return StartFailure.from(error, l10n);
  }
}
