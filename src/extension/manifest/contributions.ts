import { type Setting, settingNames, settingTable } from '../../config/settings.ts';
import { commandId, commandNames, commandTable } from '../commands/command-table.ts';
import type { OwnSettingName } from '../editor-settings.ts';

/** Settings that only the extension knows. */
const ownSettings: Readonly<
  Record<OwnSettingName, { readonly default: boolean; readonly description: string }>
> = {
  autoStart: {
    default: true,
    description: 'Start the proxy with VS Code, once you have started it yourself for the first time.',
  },
  keepRunning: {
    default: false,
    description:
      'Let the proxy outlive the last window: it runs in a process of its own, all windows attach to it, and Stop ends it.',
  },
  terminalEnvironment: {
    default: false,
    description:
      'Set the environment of new terminals so that Claude Code and clients of the OpenAI API use the proxy while it runs.',
  },
};

/** Only these may an opened folder decide: which of the account's models answer it. All others belong to the computer. */
const groupOfWorkspaces = 'Models';
const ownGroup = 'General';

interface Property {
  readonly [keyword: string]: unknown;
  readonly scope: 'window' | 'machine';
}

/** What package.json says of commands and settings, made from the tables that the program itself reads. */
export function contributions() {
  return { commands: commands(), configuration: configuration() };
}

/** The names of the settings that a folder which is not trusted may not decide. */
export function restrictedConfigurations(): string[] {
  return configuration().flatMap(({ properties }) =>
    Object.entries(properties).flatMap(([name, { scope }]) => (scope === 'window' ? [name] : [])),
  );
}

/** The English texts of commands and settings, by the keys that package.json holds in their place. */
export function englishTexts(): Record<string, string> {
  const texts: [string, string][] = commandNames.map((name) => [`command.${name}`, commandTable[name].title]);
  for (const group of groups()) texts.push([`settings.${keyOf(group)}`, group]);
  for (const [name, { description }] of Object.entries(ownSettings)) {
    texts.push([`setting.${name}`, description]);
  }
  for (const name of contributedSettings) texts.push([`setting.${name}`, settingTable[name].description]);
  return Object.fromEntries(texts);
}

/** A key is a secret: it has no place in a file of settings. */
const contributedSettings = settingNames.filter((name) => {
  const { secret, headless }: Setting<unknown> = settingTable[name];
  return secret !== true && headless !== true;
});

function commands() {
  return commandNames.map((name) => {
    const { icon, enablement } = commandTable[name];
    return {
      command: commandId(name),
      title: `%command.${name}%`,
      category: 'Lingma Proxy',
      ...(icon === undefined ? {} : { icon: `$(${icon})` }),
      ...(enablement === undefined ? {} : { enablement }),
    };
  });
}

function configuration() {
  return groups().map((group) => ({
    title: `%settings.${keyOf(group)}%`,
    properties: Object.fromEntries(group === ownGroup ? ownProperties() : propertiesOf(group)),
  }));
}

function groups(): string[] {
  return [...new Set([ownGroup, ...contributedSettings.map((name) => settingTable[name].group)])];
}

/** `Remote API` → `remoteApi` */
function keyOf(group: string): string {
  return group.toLowerCase().replaceAll(/ (.)/g, (_space, letter: string) => letter.toUpperCase());
}

function ownProperties(): [string, Property][] {
  return Object.entries(ownSettings).map(([name, setting]) => [
    `lingmaProxy.${name}`,
    { type: 'boolean', default: setting.default, scope: 'machine', description: `%setting.${name}%` },
  ]);
}

function propertiesOf(group: string): [string, Property][] {
  return contributedSettings
    .filter((name) => settingTable[name].group === group)
    .map((name) => {
      const setting: Setting<unknown> = settingTable[name];
      const scope = group === groupOfWorkspaces ? 'window' : 'machine';
      return [
        `lingmaProxy.${name}`,
        { ...setting.type.jsonSchema, default: setting.default, scope, description: `%setting.${name}%` },
      ];
    });
}
