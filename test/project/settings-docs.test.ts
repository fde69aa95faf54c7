import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chineseDescriptions } from '../../src/config/chinese-descriptions.ts';
import { type Setting, type SettingName, settingNames, settingTable } from '../../src/config/settings.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const pages: readonly (readonly [path: string, describe: (name: SettingName) => string])[] = [
  ['settings.md', (name) => settingTable[name].description],
  ['zh-cn/settings.md', (name) => chineseDescriptions[name]],
];

for (const [path, describe] of pages) {
  const page = readFileSync(join(docs, path), 'utf8');

  for (const name of settingNames) {
    const setting: Setting<unknown> = settingTable[name];
    test(`the row of ${setting.jsonKey} in docs/${path} tells its flag, environment, VS Code name, default and meaning`, () => {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${setting.jsonKey}\` |`)) ?? '';
      const value = setting.default;
      const shown = Array.isArray(value) ? value.map(String) : [String(value)];
      const inEditor =
        setting.secret === true || setting.headless === true ? [] : [`\`lingmaProxy.${name}\``];
      for (const text of [
        `--${setting.flag}`,
        ...setting.environment,
        ...inEditor,
        ...shown,
        describe(name),
      ]) {
        assert.ok(row.includes(text), `"${text}" is not in: ${row}\nRun \`npm run manifest\`.`);
      }
    });
  }

  test(`docs/${path} has no row of a setting that is gone`, () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| `--/gm)].map(([, key]) => key);
    assert.deepEqual(
      rows,
      settingNames.map((name) => settingTable[name].jsonKey),
    );
  });
}
