import { parseArgs } from 'node:util';
import { english, type Localizer } from '../core/localizer.ts';
import { nearestName } from './nearest-name.ts';
import type { GivenValue } from './origin.ts';
import { type SettingName, settingNames, settingTable } from './settings.ts';

/** What the command line asks for. */
export interface Flags {
  readonly given: readonly GivenValue[];
  readonly help: boolean;
  readonly version: boolean;
  readonly demo: boolean;
  /** The configuration file; undefined when none is named. */
  readonly config: string | undefined;
  readonly exports: WantedExports;
  readonly problems: readonly string[];
}

/** Files to be made of the login, instead of running the proxy. */
export interface WantedExports {
  readonly remoteAuth: string | undefined;
  readonly serverBundle: string | undefined;
  /** A file that is there already may be replaced. */
  readonly overwrite: boolean;
}

type Mode = 'help' | 'version' | 'demo' | 'overwrite';
type FileFlag = 'config' | 'export-remote-auth' | 'export-server-bundle';

const shortFlags: Readonly<Record<string, string>> = { h: 'help', v: 'version' };
const modes: readonly Mode[] = ['help', 'version', 'demo', 'overwrite'];
const fileFlags: readonly FileFlag[] = ['config', 'export-remote-auth', 'export-server-bundle'];
const settingOfFlag = new Map<string, SettingName>(
  settingNames.map((name) => [settingTable[name].flag, name]),
);
/** Node's own parser runs out of stack somewhere beyond a hundred thousand. */
const mostArguments = 1_000;
const knownFlags = [...settingOfFlag.keys(), ...modes, ...fileFlags];

/** Reads the arguments after the program's name. A flag given twice counts as it was given last. Never throws. */
export function readFlags(argv: readonly string[], l10n: Localizer = english): Flags {
  const given: GivenValue[] = [];
  const problems: string[] = [];
  const asked = { help: false, version: false, demo: false, overwrite: false };
  const files: Partial<Record<FileFlag, string>> = {};

  if (argv.length > mostArguments) {
    problems.push(
      l10n.t('There are {0} arguments, and at most {1} are possible.', argv.length, mostArguments),
    );
  }
  for (const token of tokensOf(argv.slice(0, mostArguments))) {
    if (token.kind === 'positional') {
      problems.push(
        l10n.t('The argument "{0}" has no meaning here. Values belong to a flag: --flag=value.', token.value),
      );
      continue;
    }
    if (token.kind === 'option-terminator') continue;
    const flag = token.rawName.startsWith('--') ? token.name : (shortFlags[token.name] ?? token.name);
    const mode = modes.find((name) => name === flag);
    const fileFlag = fileFlags.find((name) => name === flag);
    const negated = flag.startsWith('no-') ? flag.slice('no-'.length) : undefined;
    if (mode !== undefined) {
      const value = booleanOf(token.value, problems, flag, l10n);
      if (value !== undefined) asked[mode] = value;
    } else if (fileFlag !== undefined) {
      if (hasValue(token) && token.value !== '') files[fileFlag] = token.value;
      else problems.push(l10n.t('flag --{0} needs a file: --{0}=FILE.', fileFlag));
    } else if (settingOfFlag.has(flag)) {
      readSetting(flag, token);
    } else if (negated !== undefined && isBooleanFlag(negated)) {
      if (token.value === undefined) give(negated, 'false');
      else problems.push(l10n.t('flag --{0} takes no value.', flag));
    } else {
      problems.push(unknownFlag(token.rawName, l10n));
    }
  }
  const { overwrite, ...others } = asked;
  const exports = {
    remoteAuth: files['export-remote-auth'],
    serverBundle: files['export-server-bundle'],
    overwrite,
  };
  return { given, ...others, config: files.config, exports, problems };

  function readSetting(flag: string, token: OptionToken): void {
    if (token.value === undefined && isBooleanFlag(flag)) give(flag, 'true');
    else if (hasValue(token)) give(flag, token.value);
    else problems.push(l10n.t('flag --{0} needs a value: --{0}={1}.', flag, placeholderOf(flag)));
  }

  function give(flag: string, value: string): void {
    const name = settingOfFlag.get(flag);
    if (name !== undefined) given.push({ name, value, origin: { kind: 'flag', flag } });
  }
}

interface OptionToken {
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

/** Another flag where a value should be means that the value was forgotten. */
function hasValue<Token extends OptionToken>(token: Token): token is Token & { readonly value: string } {
  return token.value !== undefined && (token.inlineValue === true || !/^--?[a-z]/i.test(token.value));
}

function tokensOf(argv: readonly string[]) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const flag of knownFlags) {
    options[flag] = {
      type: isBooleanFlag(flag) || modes.some((mode) => mode === flag) ? 'boolean' : 'string',
    };
  }
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function isBooleanFlag(flag: string): boolean {
  const name = settingOfFlag.get(flag);
  return name !== undefined && settingTable[name].type.placeholder === '';
}

function placeholderOf(flag: string): string {
  const name = settingOfFlag.get(flag);
  return name === undefined ? 'VALUE' : settingTable[name].type.placeholder;
}

function booleanOf(
  value: string | undefined,
  problems: string[],
  flag: string,
  l10n: Localizer,
): boolean | undefined {
  if (value === undefined || value === 'true') return true;
  if (value === 'false') return false;
  problems.push(l10n.t('flag --{0}: "{1}" is not allowed. It must be true or false.', flag, value));
  return undefined;
}

function unknownFlag(typed: string, l10n: Localizer): string {
  const nearest = nearestName(typed.replace(/^-+/, '').replace(/^no-/, ''), knownFlags);
  return nearest === undefined
    ? l10n.t('There is no flag {0}. See --help for those that there are.', typed)
    : l10n.t('There is no flag {0}. Did you mean --{1}?', typed, nearest);
}
