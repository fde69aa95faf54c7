import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFlags } from '../../src/config/read-flags.ts';
import { readSettingsFile } from '../../src/config/read-settings-file.ts';
import { settingTable } from '../../src/config/settings.ts';

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'docs', 'server.md'), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(([, found, body]) =>
    found === language ? [body ?? ''] : [],
  );

test('the commands for the server have flags that there are', () => {
  const commands = blocks('bash')
    .join('\n')
    .split('\n')
    .flatMap(
      (line) => /^(?:npx \S+ \S+ )?lingma-proxy(?: service \w+)?((?: [^#|]+)?)(?:#|$)/.exec(line)?.[1] ?? [],
    )
    .map((flags) =>
      flags
        .trim()
        .split(/\s+/)
        .filter((flag) => flag !== '' && flag !== '--dry-run'),
    )
    .filter((flags) => flags[0]?.startsWith('--'));
  assert.ok(commands.length >= 5, `${commands.length} commands`);
  for (const flags of commands) assert.deepEqual(readFlags(flags).problems, [], flags.join(' '));
});

test('the settings for the server are ones that there are, with values that they take', () => {
  for (const json of blocks('json')) {
    const { given, problems, warnings } = readSettingsFile(json, 'server.md');
    assert.deepEqual([problems, warnings], [[], []]);
    for (const { name, value } of given) {
      assert.equal(settingTable[name].type.schema.safeParse(value).success, true, name);
    }
  }
});

test('the files and figures that it names are there', () => {
  for (const [path] of text.matchAll(/deploy\/[\w./-]*\w/g)) assert.ok(existsSync(join(root, path)), path);
  const metrics = readFileSync(join(root, 'src', 'server', 'metrics.ts'), 'utf8');
  const named = new Set([...text.matchAll(/`(lingma_proxy_\w+)`/g)].map(([, name]) => name));
  const counted = new Set([...metrics.matchAll(/'(lingma_proxy_\w+)'/g)].map(([, name]) => name));
  counted.delete('lingma_proxy_info');
  assert.deepEqual([...named].toSorted(), [...counted].toSorted());
});
