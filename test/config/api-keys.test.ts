import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LoadedSettings, loadSettings } from '../../src/config/load-settings.ts';
import { SettingsError } from '../../src/config/settings-error.ts';

interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The settings file. */
  readonly json?: object;
  readonly files?: Readonly<Record<string, string>>;
}

function load({ argv = [], env = {}, json = {}, files = {} }: Given): LoadedSettings {
  const all: Readonly<Record<string, string>> = { '/srv/proxy.json': JSON.stringify(json), ...files };
  return loadSettings({
    argv: ['--config', '/srv/proxy.json', ...argv],
    env,
    cwd: '/work',
    home: '/home/ann',
    platform: 'linux',
    readFile: (path) => {
      const content = all[path];
      if (content === undefined) throw Object.assign(new Error('none'), { code: 'ENOENT' });
      return content;
    },
  });
}

function problemsOf(given: Given): string {
  try {
    load(given);
  } catch (error) {
    assert(error instanceof SettingsError, `not a SettingsError: ${error}`);
    return error.message;
  }
  return assert.fail('no SettingsError');
}

const good = 'a-key-of-more-than-16-characters';

describe('api_key_file', () => {
  test('gives the key, without the line break at its end; its path belongs to the settings file', () => {
    const { settings } = load({ json: { api_key_file: 'key' }, files: { '/srv/key': `${good}\n` } });
    assert.equal(settings.apiKey, good);
  });

  test('a missing or empty file, or one with more than a key, is told without what it holds', () => {
    assert.match(problemsOf({ json: { api_key_file: '/k' } }), /api_key_file: the file \/k does not exist/);
    for (const content of ['', ' \n', 'two words', 'two\nlines']) {
      const problem = problemsOf({ json: { api_key_file: '/k' }, files: { '/k': content } });
      assert.match(problem, /must hold the key and nothing else/);
      assert.doesNotMatch(problem, /two/);
    }
  });

  test('api_key itself wins over it, and that is said', () => {
    const { settings, warnings } = load({ json: { api_key_file: '/none' }, argv: ['--api-key', good] });
    assert.equal(settings.apiKey, good);
    assert.match(warnings.join(), /api_key counts/);
  });
});

describe('api_keys', () => {
  test('take a key from the settings, a file or the environment, and what its holder gets', () => {
    const { settings } = load({
      json: {
        api_keys: {
          ann: 'key-of-ann',
          ci: {
            key_file: 'ci.key',
            model: 'mmodel',
            small_model: 'kmodel',
            model_rules: [{ pattern: 'gpt-*', model: 'kmodel' }],
            max_concurrent: 2,
            requests_per_minute: 30,
            inspect: true,
          },
          bob: { key_env: 'BOBS_KEY' },
        },
      },
      files: { '/srv/ci.key': 'key-of-ci\n' },
      env: { BOBS_KEY: 'key-of-bob' },
    });
    const [ann, ci, bob] = settings.apiKeys;
    assert.deepEqual(
      [ann?.name, ann?.key, ann?.inspect, ann?.maxConcurrent],
      ['ann', 'key-of-ann', false, 0],
    );
    assert.deepEqual(
      [ci?.name, ci?.key, ci?.model, ci?.smallModel, ci?.maxConcurrent, ci?.requestsPerMinute, ci?.inspect],
      ['ci', 'key-of-ci', 'mmodel', 'kmodel', 2, 30, true],
    );
    assert.deepEqual(ci?.modelRules, [{ pattern: 'gpt-*', model: 'kmodel' }]);
    assert.deepEqual([bob?.name, bob?.key], ['bob', 'key-of-bob']);
  });

  test('in text they are NAME=KEY with commas, or the JSON itself', () => {
    const names = (text: string) =>
      load({ env: { LINGMA_PROXY_API_KEYS: text } }).settings.apiKeys.map(({ name, key }) => [name, key]);
    assert.deepEqual(names('ann=one==, bob=two'), [
      ['ann', 'one=='],
      ['bob', 'two'],
    ]);
    assert.deepEqual(names('{"ann": {"key": "one"}}'), [['ann', 'one']]);
  });

  test('what is wrong with one is told without any key', () => {
    for (const api_keys of [
      { ann: '' },
      { ann: {} },
      { ann: { key: 'sesame', key_file: 'x' } },
      { ann: { key: 'sesame', max_concurent: 1 } },
      { 'a b': 'sesame' },
      { ann: { key: 'sesame', max_concurrent: 17 } },
      ['sesame'],
      'sesame',
    ]) {
      const problem = problemsOf({ json: { api_keys } });
      assert.match(problem, /api_keys: the value is not allowed.*key_file/, JSON.stringify(api_keys));
      assert.doesNotMatch(problem, /sesame/);
    }
    assert.match(problemsOf({ json: { api_keys: { ann: { key_env: 'NONE' } } } }), /ann: .*NONE is not set/);
    assert.match(problemsOf({ argv: ['--api-keys', 'sesame'] }), /--api-keys: the value is not allowed/);
  });

  test('two names for one key, and the name of the key of api_key, are refused', () => {
    assert.match(
      problemsOf({ json: { api_keys: { ann: 'same', bob: 'same' } } }),
      /bob has the same key as ann/,
    );
    assert.match(problemsOf({ json: { api_key: 'same', api_keys: { ann: 'same' } } }), /same key as default/);
    assert.match(
      problemsOf({ json: { api_key: 'x', api_keys: { default: 'y' } } }),
      /name default stands for/,
    );
  });
});

describe('an address that other computers can reach', () => {
  const open = ['--host', '0.0.0.0'];

  test('needs a key, whichever way it is given', () => {
    const problem = problemsOf({ argv: open });
    assert.match(problem, /flag --host: "0\.0\.0\.0" would let other computers use your login/);
    assert.match(problem, /--api-key-file/);
    load({ argv: [...open, '--api-key', good] });
    load({ argv: open, json: { api_keys: { ann: good } } });
    load({ argv: open, json: { api_key_file: '/k' }, files: { '/k': good } });
    assert.match(problemsOf({ argv: open, json: { api_key_file: '/k' } }), /does not exist/);
  });

  test('a key that could be guessed is warned of there, and only there', () => {
    const argv = ['--api-key', 'short'];
    assert.match(load({ argv: [...open, ...argv] }).warnings.join(), /"default" is shorter than 16/);
    assert.deepEqual(load({ argv }).warnings, []);
    assert.deepEqual(load({ argv: [...open, '--api-key', good] }).warnings, []);
  });
});
