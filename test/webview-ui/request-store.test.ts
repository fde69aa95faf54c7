import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationOf, RequestStore } from '../../webview-ui/requests/request-store.ts';
import { sampleRequest, sampleRequests } from './sample-requests.ts';

const ids = (store: RequestStore) => store.entries().map(({ request }) => request.id);

test('a list that comes newest first is kept oldest first', () => {
  const store = new RequestStore();
  store.replaceAll(sampleRequests(3));
  assert.deepEqual(ids(store), ['req_000000', 'req_000001', 'req_000002']);
});

test('a request that goes on stays in its place and takes its newest state', () => {
  const store = new RequestStore();
  store.apply([sampleRequest(1, { state: 'running' }), sampleRequest(2)]);
  store.apply([sampleRequest(1, { state: 'done' })]);
  assert.deepEqual(ids(store), ['req_000001', 'req_000002']);
  assert.equal(store.get('req_000001')?.request.state, 'done');
});

test('at most 10,000 requests are kept, the newest ones', () => {
  const store = new RequestStore();
  store.replaceAll(sampleRequests(10_000));
  store.apply([sampleRequest(10_000), sampleRequest(10_001)]);
  assert.equal(store.size, 10_000);
  assert.equal(ids(store)[0], 'req_000002');
  assert.equal(ids(store).at(-1), 'req_010001');
});

test('errors are counted as they come, change and go', () => {
  const store = new RequestStore();
  store.apply([sampleRequest(0, { state: 'running' }), sampleRequest(1, { state: 'failed' })]);
  assert.equal(store.errors, 1);
  store.apply([sampleRequest(0, { state: 'failed' })]);
  assert.equal(store.errors, 2);
  store.replaceAll(sampleRequests(10_000));
  const all = store.errors;
  // The two oldest, of which none is an error, make room for one that is.
  store.apply([sampleRequest(10_000, { state: 'failed' }), sampleRequest(10_002, { state: 'done' })]);
  assert.equal(store.errors, all + 1);
});

test('while it is paused changes are counted and held back; resuming shows the latest of each', () => {
  const store = new RequestStore();
  store.apply([sampleRequest(1)]);
  store.pause();
  store.apply([sampleRequest(2, { state: 'running' })]);
  store.apply([sampleRequest(2, { state: 'done' })]);
  assert.equal(store.heldBack, 1);
  assert.deepEqual(ids(store), ['req_000001']);
  store.resume();
  assert.deepEqual(ids(store), ['req_000001', 'req_000002']);
  assert.equal(store.get('req_000002')?.request.state, 'done');
  assert.equal(store.heldBack, 0);
});

test('what runs has run on since it was heard of, and what has ended has not', () => {
  const store = new RequestStore(() => 1_000);
  store.apply([
    sampleRequest(1, { state: 'running', durationMs: 300 }),
    sampleRequest(2, { state: 'done', durationMs: 300 }),
  ]);
  const [running, done] = store.entries();
  assert.ok(running && done);
  assert.equal(durationOf(running, 1_500), 800);
  assert.equal(durationOf(done, 1_500), 300);
});
