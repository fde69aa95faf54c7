import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Model } from '../../src/core/models.ts';
import type { ModelSettings } from '../../src/policies/model-mapping/resolve-model.ts';
import { type ModelMappingOptions, modelMapping } from '../../src/policies/model-mapping.ts';
import { end, eventsOf, recordedContext, ScriptedBackend, turnWith } from './scripted-backend.ts';

const model = (id: string, key: string, more: Partial<Model> = {}): Model => ({
  id,
  key,
  displayName: id,
  aliases: [],
  scene: 'chat',
  ...more,
});
const listed = [
  model('kmodel', 'kmodel', { aliases: ['Kimi-K2.6'] }),
  model('dashscope_qwen3_coder', 'dashscope_qwen3_coder'),
  model('own', 'own-key', { displayName: 'My Own' }),
];
const settings: ModelSettings = { defaultModel: 'kmodel' };

async function map(
  asked: string,
  options: {
    models?: readonly Model[] | undefined;
    settings?: ModelSettings;
    answers?: string;
    load?: ModelMappingOptions['models']['load'];
  } = {},
) {
  const models = 'models' in options ? options.models : listed;
  const start: TurnEvent = { type: 'turn-start', model: options.answers ?? 'kmodel', inputTokens: 1 };
  const backend = new ScriptedBackend([start, end]);
  const policy = modelMapping({
    models: {
      cached: () => models,
      load: options.load ?? (() => Promise.reject(new Error('not to be asked'))),
    },
    settings: () => options.settings ?? settings,
    maxWaitMs: 20,
  });
  const context = recordedContext();
  const events = await eventsOf(policy(backend).run(turnWith({ model: asked }), context));
  const [first] = events;
  assert.ok(first?.type === 'turn-start');
  assert.equal(events.length, 2);
  return { used: backend.turns[0]?.model, shown: first.model, notes: context.notes };
}

describe('a name that a client sends', () => {
  const small = { ...settings, smallModel: 'dashscope_qwen3_coder' };
  const rules = {
    ...settings,
    rules: [
      { match: 'gpt-5*', model: 'own' },
      { match: '*', model: 'Qwen3-Coder' },
    ],
  };
  const cases: readonly (readonly [string, string, string, Parameters<typeof map>[1]?])[] = [
    ['none at all', '', 'kmodel'],
    ['a listed key', 'own-key', 'own-key'],
    ['a listed name', 'own', 'own-key'],
    ['a display name in other letter case', 'my own', 'own-key'],
    ['the other backend’s name', 'Qwen3-Coder', 'dashscope_qwen3_coder'],
    ['a known name without a list', 'Qwen3-Coder', 'dashscope_qwen3_coder', { models: undefined }],
    ['a known model that is not listed', 'mmodel', 'mmodel'],
    ['auto, not listed', 'auto', ''],
    ['auto, listed', 'Auto', 'org_auto', { models: [...listed, model('Auto', 'org_auto')] }],
    ['another vendor’s, without a list', 'claude-sonnet-4-5', 'kmodel', { models: undefined }],
    ['another vendor’s small one, none configured', 'claude-haiku-4-5', 'kmodel'],
    ['another vendor’s small one', 'claude-haiku-4-5-20251001', 'dashscope_qwen3_coder', { settings: small }],
    ['a mini one', 'gpt-5-mini', 'dashscope_qwen3_coder', { settings: small }],
    ['one that a rule names', 'gpt-5.2', 'own-key', { settings: rules }],
    ['one that a later rule takes', 'anything', 'dashscope_qwen3_coder', { settings: rules }],
    ['a listed one in spite of a rule for all', 'own', 'own-key', { settings: rules }],
    [
      'a listed one that an exact rule redirects',
      'own',
      'kmodel',
      { settings: { defaultModel: 'kmodel', rules: [{ match: 'own', model: 'kmodel' }] } },
    ],
    ['an unknown one', 'llama', 'kmodel'],
    [
      'an unknown one on an account without the default',
      'llama',
      'x',
      { models: [model('x', 'x'), model('y', 'y')] },
    ],
    [
      'none on an account with a default of its own',
      '',
      'y',
      { models: [model('x', 'x'), model('y', 'y', { isDefault: true })] },
    ],
  ];
  for (const [title, asked, used, options] of cases) {
    test(`${title}: ${asked} leads to ${used === '' ? 'no name' : used}`, async () => {
      const result = await map(asked, options);
      assert.equal(result.used, used);
      assert.ok(
        result.notes[0]?.type === 'model' && result.notes[0].asked === asked && result.notes[0].used === used,
      );
    });
  }

  test('that nothing but the list can explain waits for it', async () => {
    const result = await map('own', { models: undefined, load: async () => listed });
    assert.equal(result.used, 'own-key');
  });

  test('leads to the default when the list does not come in time', async () => {
    const load: ModelMappingOptions['models']['load'] = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late'))));
    const result = await map('own', { models: undefined, load });
    assert.equal(result.used, 'kmodel');
    assert.equal(result.notes[0]?.type, 'remark');
  });
});

describe('the name in the answer', () => {
  test('is the client’s own while the mapped model answers', async () => {
    assert.equal((await map('claude-opus-4', { answers: 'kmodel' })).shown, 'claude-opus-4');
    assert.equal((await map('own', { answers: 'own-key' })).shown, 'own');
  });

  test('is the listed one when the client named none', async () => {
    assert.equal((await map('', { answers: 'kmodel' })).shown, 'kmodel');
  });

  test('is the real one’s when another model answers', async () => {
    assert.equal((await map('claude-opus-4', { answers: 'own-key' })).shown, 'own');
    assert.equal((await map('claude-opus-4', { answers: 'elsewhere' })).shown, 'elsewhere');
  });
});
