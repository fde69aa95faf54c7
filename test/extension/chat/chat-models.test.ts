import assert from 'node:assert/strict';
import { test } from 'node:test';
import { english } from '../../../src/core/localizer.ts';
import type { Model } from '../../../src/core/models.ts';
import { chatModels } from '../../../src/extension/chat/chat-models.ts';

const model: Model = { id: 'kmodel', key: 'k', displayName: 'Kimi', aliases: [], scene: 'chat' };
const listed = (...models: Model[]) => chatModels(models, 'usual', english);

test('a model is offered with what upstream says of it', () => {
  assert.deepEqual(listed({ ...model, contextWindow: 256_000, vision: true, reasoning: true }), [
    {
      id: 'kmodel',
      name: 'Kimi',
      family: 'kmodel',
      version: 'k',
      maxInputTokens: 256_000,
      maxOutputTokens: 16_384,
      detail: 'Lingma',
      tooltip: 'kmodel · 256K · images · reasoning',
      capabilities: { imageInput: true, toolCalling: true },
      isUserSelectable: true,
    },
  ]);
});

test('pictures are offered unless upstream says that the model cannot see', () => {
  const imageInput = (vision?: boolean) =>
    listed({ ...model, ...(vision === undefined ? {} : { vision }) })[0]?.capabilities.imageInput;
  assert.deepEqual([imageInput(true), imageInput(false), imageInput()], [true, false, true]);
});

test('models for completions in the text are not for chatting', () => {
  assert.deepEqual(listed({ ...model, scene: 'inline' }), []);
});

test('the demo’s models say that they are', () => {
  assert.equal(chatModels([model], 'demo', english)[0]?.detail, 'Lingma demo');
});
