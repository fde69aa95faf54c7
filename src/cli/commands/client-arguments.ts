import { type LoadedSettings, loadSettings } from '../../config/load-settings.ts';
import { nearestName } from '../../config/nearest-name.ts';
import { SettingsError } from '../../config/settings-error.ts';

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

const ownFlags = ['--dry-run', '--yes', '-y', '--json'];

/** Reads a client's name, the flags of these commands, and any flag of a setting. Throws `SettingsError`. */
export function readClientArguments(argv: readonly string[]): ClientArguments {
  const given = (...flags: readonly string[]) => argv.some((argument) => flags.includes(argument));
  const rest = argv.filter((argument) => !ownFlags.includes(argument));
  const [first] = rest;
  const client = first?.startsWith('-') ? undefined : first;
  const loaded = loadSettings({
    argv: client === undefined ? rest : rest.slice(1),
    env: process.env,
    cwd: process.cwd(),
  });
  return { client, dryRun: given('--dry-run'), yes: given('--yes', '-y'), json: given('--json'), loaded };
}

/** Refuses a name that is no client's, with the one that is most probably meant. */
export function unknownClient(typed: string | undefined, known: readonly string[]): SettingsError {
  if (typed === undefined) return new SettingsError([`Which client? One of: ${known.join(', ')}.`]);
  const nearest = nearestName(typed, known);
  const advice = nearest === undefined ? `There are: ${known.join(', ')}.` : `Did you mean ${nearest}?`;
  return new SettingsError([`There is no client "${typed}". ${advice}`]);
}
