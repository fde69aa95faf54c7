import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText } from '../../src/cli/help-text.ts';
import { describeSettings } from '../../src/config/describe-settings.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { settingNames, settingTable } from '../../src/config/settings.ts';

test('the description of the settings holds no key and no password', () => {
  const argv = ['--api-key=sesame', '--remote-proxy-url=http://ann:open@proxy:3128/', '--port=1'];
  const described = describeSettings(loadSettings({ argv, env: {}, cwd: '/nowhere' }));
  const shown = new Map(described.map(({ jsonKey, value, origin }) => [jsonKey, [value, origin]]));
  assert.deepEqual(shown.get('api_key'), ['[redacted]', 'flag --api-key']);
  assert.deepEqual(shown.get('remote_proxy_url'), [
    'http://[redacted]@proxy:3128/',
    'flag --remote-proxy-url',
  ]);
  assert.deepEqual(shown.get('port'), [1, 'flag --port']);
  assert.doesNotMatch(JSON.stringify(described), /sesame|open/);
});

test('a key that is not set is shown as not set', () => {
  const described = describeSettings(loadSettings({ argv: [], env: {}, cwd: '/nowhere' }));
  assert.equal(described.find(({ name }) => name === 'apiKey')?.value, '');
});

test('the help names every flag, key and variable, in lines that fit a terminal', () => {
  const help = helpText();
  for (const name of settingNames) {
    const { flag, jsonKey, environment, description } = settingTable[name];
    assert.match(help, new RegExp(`^ {2}--${flag}\\b`, 'm'));
    for (const word of [jsonKey, ...environment]) assert.match(help, new RegExp(`[[ ]${word}[,;\\]]`));
    assert.match(description, /^[A-Z].*\.$/);
  }
  for (const flag of ['--config', '--demo', '--version', '--help'])
    assert.match(help, new RegExp(`^ {2}${flag}\\b`, 'm'));
  assert.equal(Math.max(...help.split('\n').map((line) => line.length)) <= 120, true);
});
