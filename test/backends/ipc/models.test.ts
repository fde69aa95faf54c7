import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chooseModel, readModels } from '../../../src/backends/ipc/models.ts';
import { ProxyError } from '../../../src/core/errors.ts';

describe('a model list', () => {
  it('is found in nested objects and arrays, each model with its scene', () => {
    const models = readModels({
      data: {
        assistant: [{ id: 'm1', name: 'Kimi-K2.6' }],
        chat: { groups: [{ list: [{ modelId: 'm2', label: 'Fast' }] }] },
        quest: [{ key: 'm3', title: 'Quest' }],
        count: 3,
      },
    });
    assert.deepEqual(
      models.map(({ id, key, scene }) => [id, key, scene]),
      [
        ['Kimi-K2.6', 'm1', 'assistant'],
        ['Fast', 'm2', 'chat'],
        ['Quest', 'm3', 'quest'],
      ],
    );
  });

  it("knows a model by the other backend's name too, with its context window", () => {
    const [model] = readModels({ chat: [{ id: 'm1', name: 'Kimi-K2.6', displayName: 'Kimi' }] });
    assert.deepEqual(model, {
      id: 'Kimi-K2.6',
      key: 'm1',
      displayName: 'Kimi',
      aliases: ['kmodel'],
      scene: 'chat',
      contextWindow: 256_000,
    });
  });

  it('lists a model once, under the first scene', () => {
    const same = { id: 'm1', name: 'One' };
    const models = readModels({ chat: [same], inline: [same] });
    assert.deepEqual(
      models.map(({ key, scene }) => [key, scene]),
      [['m1', 'chat']],
    );
  });

  it('finds the models inside a group that itself has an id and a name', () => {
    const models = readModels([{ id: 'g', name: 'Group', models: [{ id: 'm1', name: 'One' }] }]);
    assert.ok(models.some((model) => model.key === 'm1'));
  });

  it('is empty for what holds no models', () => {
    for (const result of [
      null,
      5,
      'x',
      [],
      { chat: [] },
      { chat: [{ id: 'only an id' }, { name: 'only a name' }] },
    ]) {
      assert.deepEqual(readModels(result), []);
    }
  });

  it('ends at a nesting that no list has', () => {
    let nested: unknown = [{ id: 'deep', name: 'Deep' }];
    for (let depth = 0; depth < 50; depth++) nested = { nested };
    assert.deepEqual(readModels(nested), []);
  });
});

describe('choosing a model', () => {
  const models = readModels({
    chat: [
      { id: 'm0', name: 'Other' },
      { id: 'm1', name: 'Kimi-K2.6' },
    ],
  });

  it('goes by name, id or the other backend’s key, in any letter case', () => {
    for (const name of ['Kimi-K2.6', 'kimi-k2.6', 'm1', 'kmodel']) {
      assert.equal(chooseModel(models, name).key, 'm1');
    }
  });

  it('takes the usual default when none is named, else the first', () => {
    assert.equal(chooseModel(models, '').key, 'm1');
    assert.equal(chooseModel(models.slice(0, 1), '').key, 'm0');
  });

  it('refuses a name that is not listed and tells those that are', () => {
    assert.throws(
      () => chooseModel(models, 'gpt-9'),
      (error) =>
        error instanceof ProxyError &&
        error.kind === 'model-not-found' &&
        error.message.includes('Other, Kimi-K2.6'),
    );
  });
});
