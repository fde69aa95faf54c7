import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoredResponse } from '../../src/protocols/openai-responses/response-store.ts';
import { createResponseStore, responseStoreLimits } from '../../src/server/response-store.ts';

function response(name: string, content = ''): StoredResponse {
  const item = { id: `msg_${name}`, type: 'message', content };
  return { id: `resp_${name}`, conversation: [{ role: 'user', content }, item], output: [item] };
}

const ample = responseStoreLimits(64_000_000);

describe('the response store', () => {
  it('returns conversations and items by id, and undefined for what it does not know', () => {
    const store = createResponseStore(ample);
    const saved = response('a', 'hello');
    store.save(saved);
    assert.equal(store.conversation('resp_a'), saved.conversation);
    assert.equal(store.item('msg_a'), saved.output[0]);
    assert.equal(store.conversation('resp_b'), undefined);
    assert.equal(store.item('msg_b'), undefined);
  });

  it('drops the least recently used when there are too many', () => {
    const store = createResponseStore({ ...ample, responses: 2, items: 2 });
    store.save(response('a'));
    store.save(response('b'));
    store.conversation('resp_a');
    store.item('msg_a');
    store.save(response('c'));
    const kept = (name: string) => [store.conversation(`resp_${name}`), store.item(`msg_${name}`)];
    assert.deepEqual(kept('b'), [undefined, undefined]);
    for (const name of ['a', 'c']) assert.ok(kept(name).every((value) => value !== undefined));
  });

  it('drops the least recently used when they are too large', () => {
    const store = createResponseStore({ ...ample, conversationBytes: 25_000 });
    store.save(response('a', 'x'.repeat(5_000)));
    store.save(response('b', 'x'.repeat(5_000)));
    store.save(response('c', 'x'.repeat(5_000)));
    assert.equal(store.conversation('resp_a'), undefined);
    assert.ok(store.conversation('resp_b'));
    assert.ok(store.conversation('resp_c'));
  });

  it('does not keep what is larger than all its room, nor drops others for it', () => {
    const store = createResponseStore({ ...ample, conversationBytes: 5_000 });
    store.save(response('a'));
    store.save(response('b', 'x'.repeat(5_000)));
    assert.equal(store.conversation('resp_b'), undefined);
    assert.ok(store.conversation('resp_a'));
  });

  it('keeps single items apart from conversations, so that large requests do not push them out', () => {
    const store = createResponseStore({ ...ample, conversationBytes: 3_000 });
    for (const name of ['a', 'b', 'c']) {
      const { id, output } = response(name);
      store.save({ id, conversation: [{ role: 'user', content: 'x'.repeat(2_000) }, ...output], output });
    }
    assert.equal(store.conversation('resp_a'), undefined);
    assert.ok(store.item('msg_a'));
  });

  it('frees the room of a response that is saved again', () => {
    const store = createResponseStore({ ...ample, conversationBytes: 10_000 });
    for (let round = 0; round < 50; round++) store.save(response('a', 'x'.repeat(2_000)));
    store.save(response('b', 'x'.repeat(2_000)));
    assert.ok(store.conversation('resp_a'));
  });

  it('weighs a deeply nested conversation without overflowing the stack', () => {
    const store = createResponseStore(ample);
    let nested: unknown = 'x';
    for (let depth = 0; depth < 50_000; depth++) nested = [nested];
    store.save({ id: 'resp_a', conversation: [nested], output: [] });
    assert.ok(store.conversation('resp_a'));
  });
});
