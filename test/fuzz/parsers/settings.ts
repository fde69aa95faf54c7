import assert from 'node:assert/strict';
import { describeSettings } from '../../../src/config/describe-settings.ts';
import { examineEditorSettings, loadEditorSettings } from '../../../src/config/load-editor-settings.ts';
import { examineSettings, loadSettings } from '../../../src/config/load-settings.ts';
import { type SettingName, type Settings, settingNames, settingTable } from '../../../src/config/settings.ts';
import { SettingsError } from '../../../src/config/settings-error.ts';
import { settingsFromJson, settingsWithoutSecrets } from '../../../src/config/settings-json.ts';
import { isRecord, tryParseJson } from '../../../src/core/json.ts';
import type { FuzzedParser } from '../fuzzed-parser.ts';

const secret = 'sk-canary-0123456789';
const place = { cwd: '/work', home: '/home/me', platform: 'linux' } as const;
const jsonKeys = settingNames.map((name) => settingTable[name].jsonKey);
const flags = settingNames.map((name) => `--${settingTable[name].flag}`);
const variables = settingNames.flatMap((name) => settingTable[name].environment);
const values = [
  '0',
  '8095',
  '-1',
  '1e9',
  'true',
  'false',
  'auto',
  'remote',
  'ipc',
  '127.0.0.1',
  '0.0.0.0',
  '::1',
  '~',
  '~/x',
  'a=b',
  '*',
  secret,
];

/** A file that is there holds the input; no other is there. */
function reading(name: string, text: string): (path: string) => string {
  return (path) => {
    if (path.endsWith(name)) return text;
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  };
}

/** Settings that are in use are all of the right type, whatever was given. */
function assertSettings(settings: Settings): void {
  assert.deepEqual(Object.keys(settings).sort(), [...settingNames].sort());
  for (const name of settingNames) {
    const { read, readResolved = read } = settingTable[name].type;
    assert.notEqual(readResolved(settings[name]), undefined, `${name} is ${JSON.stringify(settings[name])}`);
  }
  // They go from window to window as JSON and come out the same.
  const again = settingsFromJson(JSON.parse(JSON.stringify(settingsWithoutSecrets(settings))), settings);
  assert.deepEqual(again, settings);
}

/** Messages are bounded, and tell no secret that stands where secrets do; `shown` is what may be quoted. */
function assertMessages(messages: readonly string[], shown = ''): void {
  for (const message of messages) {
    assert.ok(message.length <= 4_000, 'A message without bounds.');
    assert.ok(!message.includes(secret) || shown.includes(secret), `A message tells a secret: ${message}`);
  }
}

/** What is given for settings that are not secret, their names included. */
function plainPart(given: Readonly<Record<string, unknown>>, isSecret: (key: string) => boolean): string {
  return JSON.stringify(Object.entries(given).filter(([key]) => !isSecret(key)));
}

const secretKeys: ReadonlySet<string> = new Set(
  settingNames.flatMap((name) => {
    const { secret: isSecret, jsonKey, environment } = settingTable[name];
    return isSecret === true ? [name, jsonKey, ...environment] : [];
  }),
);

function assertThrowsOwn(load: () => unknown, problems: readonly string[]): void {
  try {
    load();
    assert.deepEqual(problems, []);
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    assert.deepEqual(error.problems, problems);
  }
}

/** The configuration file. */
export const settingsFile: FuzzedParser = {
  name: 'settings-file',
  dictionary: [...jsonKeys, ...values, 'name', 'key', 'key_file', 'model', 'pattern', 'requests_per_minute'],
  check(input) {
    const options = { ...place, argv: [], env: {}, readFile: reading('lingma-proxy.json', input.toString()) };
    const { settings, problems, warnings, ...rest } = examineSettings(options);
    assertSettings(settings);
    const given = tryParseJson(input.toString().replace(/^\uFEFF/, ''));
    assertMessages(
      [...problems, ...warnings],
      isRecord(given) ? plainPart(given, (key) => secretKeys.has(key)) : '',
    );
    assert.equal(typeof JSON.stringify(describeSettings({ ...rest, settings })), 'string');
    assertThrowsOwn(() => loadSettings(options), problems);
  },
};

/** The environment, a variable a line. */
export const settingsEnvironment: FuzzedParser = {
  name: 'settings-environment',
  dictionary: [...variables, ...values, 'LINGMA_PROXY_CONFIG', '=', '=\n'],
  check(input) {
    const lines = input
      .toString()
      .split('\n')
      .map((line) => line.split(/=(.*)/s));
    const env = Object.fromEntries(lines.map(([name = '', value = '']) => [name, value]));
    const options = { ...place, argv: [], env, readFile: reading('key', secret) };
    const { settings, problems, warnings } = examineSettings(options);
    assertSettings(settings);
    assertMessages(
      [...problems, ...warnings],
      plainPart(env, (key) => secretKeys.has(key)),
    );
    assertThrowsOwn(() => loadSettings(options), problems);
  },
};

/** The arguments, one a line. */
export const settingsFlags: FuzzedParser = {
  name: 'settings-flags',
  dictionary: [
    ...flags,
    ...values,
    '--no-',
    '-h',
    '-v',
    '--',
    '-',
    '=',
    '--config',
    '--demo',
    '--help=false',
    '--export-remote-auth',
  ],
  check(input) {
    const argv = input.toString().split('\n');
    const options = { ...place, argv, env: {}, readFile: reading('key', secret) };
    const { settings, problems } = examineSettings(options);
    assertSettings(settings);
    // An argument is shown as it was typed.
    assert.ok(
      problems.join('').length <= 4_000 + 40 * input.length + 400 * problems.length,
      'Messages without bounds.',
    );
    assertThrowsOwn(() => loadSettings(options), problems);
  },
};

/** What is set in the editor: the settings as one JSON object. */
export const editorSettings: FuzzedParser = {
  name: 'editor-settings',
  dictionary: [...settingNames, ...values],
  check(input) {
    const given = tryParseJson(input.toString());
    const options = {
      ...place,
      valueOf: (name: SettingName) =>
        isRecord(given) && Object.hasOwn(given, name) ? given[name] : undefined,
      apiKey: secret,
      workspaceFolder: '/work',
      env: {},
      readFile: reading('lingma-proxy.json', '{}'),
    };
    const { settings, problems, warnings } = examineEditorSettings(options);
    assertSettings(settings);
    assertMessages(
      [...problems, ...warnings],
      isRecord(given) ? plainPart(given, (key) => secretKeys.has(key)) : '',
    );
    assertThrowsOwn(() => loadEditorSettings(options), problems);
    // The same from another window, as it comes over the wire.
    assertSettings(settingsFromJson(given, settings));
  },
};
