import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Setting, settingNames, settingTable } from '../../src/config/settings.ts';

const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');

for (const name of settingNames) {
  const setting: Setting<unknown> = settingTable[name];
  test(`the README's row of ${setting.jsonKey} tells its flag, environment, default and meaning`, () => {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${setting.jsonKey}\` |`)) ?? '';
    const value = setting.default;
    const shown = Array.isArray(value) ? value.map(String) : [String(value)];
    for (const text of [`--${setting.flag}`, ...setting.environment, ...shown, setting.description]) {
      assert.ok(row.includes(text), `"${text}" is not in: ${row}`);
    }
  });
}
