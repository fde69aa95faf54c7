import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseModel } from '../../../src/backends/remote/model-key.ts';
import { parseModels } from '../../../src/backends/remote/models.ts';
import { ProxyError } from '../../../src/core/errors.ts';

const list = {
  chat: [
    {
      key: 'kmodel',
      display_name: 'Kimi',
      model: 'kimi',
      source: 'system',
      enable: true,
      is_vl: true,
      is_reasoning: false,
      max_input_tokens: 256_000,
      is_default: true,
      tags: ['new'],
    },
    { key: 'off', display_name: 'Off', enable: false },
    { key: 'thinker', display_name: 7, is_reasoning: true },
    'nonsense',
  ],
  developer: [{ key: 'hidden' }],
  assistant: [{ key: 'hidden too' }],
  inline: [{ key: 'kmodel', display_name: 'Again' }, { key: 'coder' }],
};

const models = parseModels(JSON.stringify(list));

describe('model list', () => {
  test('is chat, then inline, once each by key, without what is switched off', () => {
    assert.deepEqual(models, [
      {
        id: 'kmodel',
        key: 'kmodel',
        displayName: 'Kimi',
        aliases: ['Kimi-K2.6'],
        scene: 'chat',
        source: 'system',
        contextWindow: 256_000,
        vision: true,
        reasoning: false,
        isDefault: true,
      },
      { id: 'thinker', key: 'thinker', displayName: 'thinker', aliases: [], scene: 'chat', reasoning: true },
      { id: 'coder', key: 'coder', displayName: 'coder', aliases: [], scene: 'inline' },
    ]);
  });

  test('may be empty, but not something else', () => {
    assert.deepEqual(parseModels('{"chat":[]}'), []);
    for (const text of ['{}', '[]', 'nonsense', '{"chat":{}}']) {
      assert.throws(
        () => parseModels(text),
        (error) => error instanceof ProxyError && error.kind === 'upstream-protocol',
      );
    }
  });
});

describe('the model of a request', () => {
  test('goes by any of its names', () => {
    for (const name of ['kmodel', 'Kimi', 'kimi-k2.6']) {
      assert.deepEqual(chooseModel(name, models), { key: 'kmodel', reasoning: false });
    }
    assert.deepEqual(chooseModel('thinker', models), { key: 'thinker', reasoning: true });
  });

  test('is known by its IPC name before there is a list', () => {
    assert.equal(chooseModel('MiniMax-M2.7', []).key, 'mmodel');
  });

  test('is the default when none is named, and passed on when nobody knows it', () => {
    assert.equal(chooseModel('', []).key, 'kmodel');
    assert.equal(chooseModel('tenant-special', models).key, 'tenant-special');
  });

  test('is left to upstream for auto, by the tenant key where it is listed', () => {
    assert.equal(chooseModel('auto', models).key, '');
    assert.equal(chooseModel('Auto', parseModels('{"chat":[{"key":"org_auto"}]}')).key, 'org_auto');
  });
});
