import { configVariable } from '../config/read-environment.ts';
import { type Setting, type SettingName, settingNames, settingTable } from '../config/settings.ts';
import { english, type Localizer } from '../core/localizer.ts';
import { wrapText } from './wrap-text.ts';

/** In which words settings are explained. */
export interface HelpWords {
  readonly l10n: Localizer;
  /** What a setting means, in one sentence. */
  readonly describe: (name: SettingName) => string;
}

/** As the table of settings has them. */
export const englishHelp: HelpWords = { l10n: english, describe: (name) => settingTable[name].description };

/** The text of `--help`, made from the table of settings. */
export function helpText(words: HelpWords = englishHelp): string {
  const { l10n } = words;
  const lines = [
    l10n.t('Usage: lingma-proxy [flags]'),
    '',
    ...wrapText(
      l10n.t(
        'Serves the models of your Lingma / QoderCN account to OpenAI- and Anthropic-compatible clients on this computer.',
      ),
      width,
    ),
    '',
    ...wrapText(
      l10n.t(
        'Settings come from a JSON file, then the environment, then flags; the later one wins. The file is the one named by --config or {0}, else ./lingma-proxy.json, else ./lingma-ipc-proxy.json.',
        configVariable,
      ),
      width,
    ),
    '',
    l10n.t('General'),
    ...entry('--config FILE', `${l10n.t('Configuration file.')} [${configVariable}]`),
    ...entry(
      '--demo',
      l10n.t('Try everything without an account, against a simulated Lingma on this computer.'),
    ),
    ...entry(
      '--export-remote-auth FILE',
      l10n.t('Write your login to a file for --remote-auth-file. It is secret.'),
    ),
    ...entry(
      '--export-server-bundle ZIP',
      l10n.t('Write all that a server needs besides the program, your login among it. It is secret.'),
    ),
    ...entry('--overwrite', l10n.t('Let an export replace a file.')),
    ...entry('--version, -v', l10n.t('Print the version and exit.')),
    ...entry('--help, -h', l10n.t('Print this text and exit.')),
  ];
  let group = '';
  for (const name of settingNames) {
    const setting: Setting<unknown> = settingTable[name];
    if (setting.group !== group) {
      group = setting.group;
      lines.push('', groupName(setting.group, l10n));
    }
    lines.push(...entry(usage(setting), explanation(name, words)));
  }
  return `${lines.join('\n')}\n`;
}

const indent = 6;
const width = 110;

function groupName(group: Setting<unknown>['group'], l10n: Localizer): string {
  switch (group) {
    case 'Server':
      return l10n.t('Server');
    case 'Models':
      return l10n.t('Models');
    case 'Remote API':
      return l10n.t('Remote API');
    case 'Local runtime':
      return l10n.t('Local runtime');
    case 'Records':
      return l10n.t('Records');
    default:
      return group satisfies never;
  }
}

function usage({ flag, type }: Setting<unknown>): string {
  return type.placeholder === '' ? `--${flag}, --no-${flag}` : `--${flag} ${type.placeholder}`;
}

function explanation(name: SettingName, { l10n, describe }: HelpWords): string {
  const { default: value, environment, jsonKey }: Setting<unknown> = settingTable[name];
  const shown = Array.isArray(value) ? value.join(', ') : String(value);
  const parts = [
    describe(name),
    ...(shown === '' ? [] : [l10n.t('Default: {0}.', shown)]),
    `[${environment.join(', ')}; ${jsonKey}]`,
  ];
  return parts.join(' ');
}

function entry(head: string, text: string): string[] {
  return [`  ${head}`, ...wrapText(text, width - indent).map((each) => ' '.repeat(indent) + each)];
}
