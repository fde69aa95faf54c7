import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';
import { encodeOpenAiModelList } from '../../../src/protocols/discovery/openai-models.ts';
import { models } from './example-models.ts';

test('the OpenAI list holds what upstream lists, and says only what upstream said', () => {
  assert.deepEqual(encodeOpenAiModelList(models), {
    object: 'list',
    data: [
      { id: 'mmodel', object: 'model', created: 0, owned_by: 'lingma', display_name: 'mmodel' },
      {
        id: 'kmodel',
        object: 'model',
        created: 0,
        owned_by: 'system',
        display_name: 'Kimi-K2.6',
        aliases: ['Kimi-K2.6'],
        context_window: 256_000,
        context_length: 256_000,
        capabilities: { vision: true, reasoning: false },
        is_default: true,
      },
    ],
  });
});

test('the official OpenAI client pages through the list', async () => {
  const client = new OpenAI({
    apiKey: 'any',
    baseURL: 'http://proxy/v1',
    fetch: async () => Response.json(encodeOpenAiModelList(models)),
  });
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  assert.deepEqual(ids, ['mmodel', 'kmodel']);
});
