import { configVariable } from './read-environment.ts';
import { type Setting, settingNames, settingTable } from './settings.ts';

/** The text of `--help`, made from the table of settings. */
export function helpText(): string {
  const lines = [
    'Usage: lingma-proxy [flags]',
    '',
    'Serves the models of your Lingma / QoderCN account to OpenAI- and Anthropic-compatible clients on this computer.',
    '',
    'Settings come from a JSON file, then the environment, then flags; the later one wins. The file is the one named by',
    `--config or ${configVariable}, else ./lingma-proxy.json, else ./lingma-ipc-proxy.json.`,
    '',
    'General',
    ...entry('--config FILE', `Configuration file. [${configVariable}]`),
    ...entry('--demo', 'Try everything without an account, against a simulated Lingma on this computer.'),
    ...entry('--export-remote-auth FILE', 'Write your login to a file for --remote-auth-file. It is secret.'),
    ...entry(
      '--export-server-bundle ZIP',
      'Write all that a server needs besides the program, your login among it. It is secret.',
    ),
    ...entry('--overwrite', 'Let an export replace a file.'),
    ...entry('--version, -v', 'Print the version and exit.'),
    ...entry('--help, -h', 'Print this text and exit.'),
  ];
  let group = '';
  for (const name of settingNames) {
    const setting: Setting<unknown> = settingTable[name];
    if (setting.group !== group) {
      group = setting.group;
      lines.push('', group);
    }
    lines.push(...entry(usage(setting), explanation(setting)));
  }
  return `${lines.join('\n')}\n`;
}

const indent = 6;
const width = 100;

function usage({ flag, type }: Setting<unknown>): string {
  return type.placeholder === '' ? `--${flag}, --no-${flag}` : `--${flag} ${type.placeholder}`;
}

function explanation(setting: Setting<unknown>): string {
  const value = setting.default;
  const shown = Array.isArray(value) ? value.join(', ') : String(value);
  const byDefault = shown === '' ? '' : ` Default: ${shown}.`;
  return `${setting.description}${byDefault} [${setting.environment.join(', ')}; ${setting.jsonKey}]`;
}

function entry(head: string, text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > width - indent) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return [`  ${head}`, ...lines.map((each) => ' '.repeat(indent) + each)];
}
