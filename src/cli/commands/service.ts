import { realpathSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { loadSettings } from '../../config/load-settings.ts';
import { secretFlagIn } from '../../config/secrets.ts';
import { settingNames, settingTable } from '../../config/settings.ts';
import { SettingsError } from '../../config/settings-error.ts';
import { english, type Localizer } from '../../core/localizer.ts';
import type { HelpWords } from '../help-text.ts';
import { describePlan, installService, showStatus, uninstallService } from '../service/apply-plan.ts';
import { planService } from '../service/plan-service.ts';

function usage(l10n: Localizer): string {
  return `${l10n.t('Usage: lingma-proxy service install|uninstall|status [--dry-run] [flags of the proxy]')}

  install    ${l10n.t('Run the proxy in the background from now on, and whenever you sign in. The flags, and the folder that you are in, are kept.')}
  uninstall  ${l10n.t('Stop it and remove what install made.')}
  status     ${l10n.t('What the service manager of the system knows of it; ends with 0 when it runs.')}
  --dry-run  ${l10n.t('Show what would be written and run, and do nothing.')}
`;
}

type Action = 'install' | 'uninstall' | 'status';
const actions: readonly Action[] = ['install', 'uninstall', 'status'];

/** Installs, removes or shows the proxy as a service of this user. Resolves to the exit code: 0, 1 failed, 2 not possible like this. */
export async function run(argv: readonly string[], { l10n }: HelpWords): Promise<number> {
  const [typed, ...rest] = argv;
  if (typed === undefined || typed === '--help' || typed === '-h') {
    process.stdout.write(usage(l10n));
    return typed === undefined ? 2 : 0;
  }
  const action = actions.find((name) => name === typed);
  if (!action) return refuse(`${l10n.t('There is no "service {0}".', typed)}\n\n${usage(l10n)}`);
  const dryRun = rest.includes('--dry-run');
  const flags = rest.filter((flag) => flag !== '--dry-run' && flag !== '--');
  const problem = action === 'install' ? problemOf(flags, l10n) : undefined;
  if (problem !== undefined) return refuse(problem);

  const plan = planService(
    process.platform,
    {
      node: process.execPath,
      script: scriptPath(),
      flags,
      folder: process.cwd(),
      stopSeconds: stopSeconds(flags),
    },
    { home: homedir(), uid: process.platform === 'win32' ? undefined : userInfo().uid },
  );
  if (!plan) return refuse(l10n.t('This program knows no service manager on {0}.', process.platform));
  if (dryRun) {
    describePlan(plan, action, l10n);
    return 0;
  }
  switch (action) {
    case 'install':
      tellOfEnvironment(l10n);
      return installService(plan, l10n);
    case 'uninstall':
      return uninstallService(plan, l10n);
    case 'status':
      return showStatus(plan, l10n);
    default:
      return action satisfies never;
  }
}

/** Why the proxy could not run with these flags, or should not; undefined when it can. */
function problemOf(flags: readonly string[], l10n: Localizer): string | undefined {
  const secret = secretFlagIn(flags);
  if (secret !== undefined) {
    return l10n.t(
      '{0} would be readable in the list of processes. Put the key into a file and name it with --api-key-file.',
      secret,
    );
  }
  if (/[/\\]_npx[/\\]/.test(scriptPath())) {
    return l10n.t(
      'npx keeps this program only for a while. Install it first: npm install --global lingma-proxy',
    );
  }
  try {
    const { help, version, exports } = load(flags, l10n);
    const once = help || version || exports.remoteAuth !== undefined || exports.serverBundle !== undefined;
    return once ? l10n.t('These flags do not run the proxy, so there is nothing to install.') : undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
}

/** As the service will: the variables of this terminal are not there. */
function load(flags: readonly string[], l10n: Localizer) {
  return loadSettings({ argv: flags, env: {}, cwd: process.cwd(), l10n });
}

/** What the service manager has to wait for a stop, in seconds. */
function stopSeconds(flags: readonly string[]): number {
  const spare = 5;
  try {
    const { settings } = load(flags, english);
    return Math.ceil(settings.drainSeconds + settings.stopSeconds) + spare;
  } catch {
    // To stop or show the service it does not matter.
    return 8 + spare;
  }
}

function tellOfEnvironment(l10n: Localizer): void {
  const known = new Set(settingNames.flatMap((name) => settingTable[name].environment));
  const lost = Object.keys(process.env).filter((variable) => known.has(variable));
  if (lost.length === 0) return;
  console.error(
    l10n.t(
      'warning: the service does not see {0} of this terminal. Put such settings into a file.',
      lost.join(', '),
    ),
  );
}

/** Where a link such as npm's leads: the link may lead elsewhere one day. */
function scriptPath(): string {
  return realpathSync(process.argv[1] ?? '');
}

function refuse(message: string): number {
  console.error(message);
  return 2;
}
