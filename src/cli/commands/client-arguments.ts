import { type LoadedSettings, loadSettings } from '../../config/load-settings.ts';
import { nearestName } from '../../config/nearest-name.ts';
import { SettingsError } from '../../config/settings-error.ts';
import type { Localizer } from '../../core/localizer.ts';
import { ownFlags } from '../own-flags.ts';

/** The arguments of a command about clients. */
export interface ClientArguments {
  /** The client's name; undefined when none was given. */
  readonly client: string | undefined;
  readonly dryRun: boolean;
  /** Do not ask. */
  readonly yes: boolean;
  readonly json: boolean;
  readonly loaded: LoadedSettings;
}

const flagsOfClients: readonly string[] = [...ownFlags.connect, ...ownFlags.disconnect, ...ownFlags.clients];

/** Reads a client's name, the flags of these commands, and any flag of a setting. Throws `SettingsError`. */
export function readClientArguments(argv: readonly string[], l10n: Localizer): ClientArguments {
  const given = (...flags: readonly string[]) => argv.some((argument) => flags.includes(argument));
  const rest = argv.filter((argument) => !flagsOfClients.includes(argument));
  const [first] = rest;
  const client = first?.startsWith('-') ? undefined : first;
  const loaded = loadSettings({
    argv: client === undefined ? rest : rest.slice(1),
    env: process.env,
    cwd: process.cwd(),
    l10n,
  });
  return { client, dryRun: given('--dry-run'), yes: given('--yes', '-y'), json: given('--json'), loaded };
}

/** Refuses a name that is no client's, with the one that is most probably meant. */
export function unknownClient(
  typed: string | undefined,
  known: readonly string[],
  l10n: Localizer,
): SettingsError {
  if (typed === undefined) return new SettingsError([l10n.t('Which client? One of: {0}.', known.join(', '))]);
  const nearest = nearestName(typed, known);
  return new SettingsError([
    nearest === undefined
      ? l10n.t('There is no client "{0}". There are: {1}.', typed, known.join(', '))
      : l10n.t('There is no client "{0}". Did you mean {1}?', typed, nearest),
  ]);
}
