import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { ProxyError } from '../../../src/core/errors.ts';
import type { Model } from '../../../src/core/models.ts';
import {
  decodeModelPaging,
  encodeAnthropicModel,
  encodeAnthropicModelPage,
} from '../../../src/protocols/discovery/anthropic-models.ts';
import { models } from './example-models.ts';

const many: readonly Model[] = ['a', 'b', 'c', 'd', 'e'].map((id) => ({
  id,
  key: id,
  displayName: id.toUpperCase(),
  aliases: [],
  scene: 'chat',
}));

function page(query: unknown): [ids: string, hasMore: boolean, first: string | null, last: string | null] {
  const result = encodeAnthropicModelPage(many, decodeModelPaging(query));
  return [result.data.map((model) => model.id).join(''), result.has_more, result.first_id, result.last_id];
}

describe('the Anthropic list', () => {
  test('describes a model, with the epoch for the date that nobody knows', () => {
    assert.deepEqual(models.map(encodeAnthropicModel)[1], {
      type: 'model',
      id: 'kmodel',
      display_name: 'Kimi-K2.6',
      created_at: '1970-01-01T00:00:00Z',
      lifecycle: 'active',
      deprecated_at: null,
      retires_at: null,
      line: null,
      capabilities: null,
      max_input_tokens: 256_000,
      max_tokens: null,
    });
  });

  test('comes in pages, forwards and backwards', () => {
    assert.deepEqual(page({}), ['abcde', false, 'a', 'e']);
    assert.deepEqual(page({ limit: '2' }), ['ab', true, 'a', 'b']);
    assert.deepEqual(page({ limit: '2', after_id: 'b' }), ['cd', true, 'c', 'd']);
    assert.deepEqual(page({ limit: '2', after_id: 'd' }), ['e', false, 'e', 'e']);
    assert.deepEqual(page({ after_id: 'e' }), ['', false, null, null]);
    assert.deepEqual(page({ limit: '2', before_id: 'e' }), ['cd', true, 'c', 'd']);
    assert.deepEqual(page({ limit: '2', before_id: 'c' }), ['ab', false, 'a', 'b']);
    assert.deepEqual(page({ before_id: 'a' }), ['', false, null, null]);
  });

  test('clamps the limit and survives an odd query', () => {
    assert.equal(decodeModelPaging({ limit: '1000' }).limit, 1000);
    assert.equal(decodeModelPaging({ limit: '5000' }).limit, 1000);
    assert.equal(decodeModelPaging({ limit: '-3' }).limit, 1);
    for (const query of [undefined, 'x', {}, { limit: 'many' }, { limit: '2.5' }, { after_id: ['a', 'b'] }]) {
      assert.deepEqual(decodeModelPaging(query), { limit: 20 });
    }
  });

  test('refuses a cursor that names no model', () => {
    assert.throws(
      () => page({ after_id: 'z' }),
      (error) =>
        error instanceof ProxyError && error.kind === 'invalid-request' && error.details.param === 'after_id',
    );
  });

  test('is paged through by the official Anthropic client', async () => {
    const client = new Anthropic({
      apiKey: 'any',
      baseURL: 'http://proxy',
      fetch: async (url) => {
        const query = Object.fromEntries(new URL(String(url)).searchParams);
        return Response.json(encodeAnthropicModelPage(many, decodeModelPaging(query)));
      },
    });
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
    assert.deepEqual(ids, ['a', 'b', 'c', 'd', 'e']);
  });
});
