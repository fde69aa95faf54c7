import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestSummary } from '../../src/shared/requests.ts';
import { countFacets, filterRequests, noFilter } from '../../webview-ui/requests/request-filter.ts';
import { makeRows, type Row, sortRequests, usualSorting } from '../../webview-ui/requests/request-rows.ts';
import { type RequestEntry, RequestStore } from '../../webview-ui/requests/request-store.ts';
import { sampleRequest } from './sample-requests.ts';

function entriesOf(...changes: Partial<RequestSummary>[]): RequestEntry[] {
  const store = new RequestStore();
  store.apply(changes.map((change, index) => sampleRequest(index, { id: String(index), ...change })));
  return store.entries();
}

const idsOf = (entries: readonly RequestEntry[]) => entries.map(({ request }) => request.id);
const keysOf = (rows: readonly Row[]) => rows.map(({ key }) => key);

test('the newest stands first, or last', () => {
  const entries = entriesOf({}, {}, {});
  assert.deepEqual(idsOf(sortRequests(entries, usualSorting)), ['2', '1', '0']);
  assert.deepEqual(idsOf(sortRequests(entries, { column: 'time', descending: false })), ['0', '1', '2']);
});

test('what a column does not know stands last in either order; what is equal stands newest first', () => {
  const entries = entriesOf(
    { inputTokens: 5 },
    { inputTokens: 9 },
    { inputTokens: 5 },
    { statusCode: 200 },
  ).map((entry) => (entry.request.id === '3' ? { ...entry, request: withoutTokens(entry.request) } : entry));
  const sorted = (descending: boolean) => idsOf(sortRequests(entries, { column: 'inputTokens', descending }));
  assert.deepEqual(sorted(true), ['1', '2', '0', '3']);
  assert.deepEqual(sorted(false), ['2', '0', '1', '3']);
});

test('all words of the text have to occur, wherever and in whatever case', () => {
  const entries = entriesOf(
    { client: 'Claude Code', modelAsked: 'claude-sonnet-4-5' },
    { client: 'Codex CLI', modelAsked: 'gpt-5', error: { kind: 'upstream', message: 'Bad Gateway' } },
  );
  const found = (text: string) => idsOf(filterRequests(entries, { ...noFilter, text }));
  assert.deepEqual(found('SONNET claude'), ['0']);
  assert.deepEqual(found('gateway'), ['1']);
  assert.deepEqual(found('sonnet gateway'), []);
  assert.deepEqual(found('  '), ['0', '1']);
});

test('errors are what failed, was refused or broke a rule', () => {
  const entries = entriesOf(
    { state: 'done', statusCode: 200 },
    { state: 'failed', statusCode: 200 },
    { state: 'done', statusCode: 401 },
    { state: 'done', statusCode: 200, brokenRules: 1 },
    { state: 'cancelled', statusCode: 200 },
  );
  assert.deepEqual(idsOf(filterRequests(entries, { ...noFilter, errorsOnly: true })), ['1', '2', '3']);
});

test('facets narrow together, and each counts its values', () => {
  const entries = entriesOf(
    { client: 'A', api: 'messages', modelUsed: 'x', sessionId: 'one' },
    { client: 'A', api: 'openai-chat', modelUsed: 'x', sessionId: 'two' },
    { client: 'B', api: 'messages', modelUsed: 'y', sessionId: 'two' },
  );
  assert.deepEqual(idsOf(filterRequests(entries, { ...noFilter, client: 'A', api: 'messages' })), ['0']);
  assert.deepEqual(idsOf(filterRequests(entries, { ...noFilter, session: 'two', model: 'y' })), ['2']);
  const facets = countFacets(entries);
  assert.deepEqual(facets.client, [
    ['A', 2],
    ['B', 1],
  ]);
  assert.deepEqual(facets.session, [
    ['two', 2],
    ['one', 1],
  ]);
});

test('sessions stand where their newest request does, and a closed one hides its requests', () => {
  const entries = entriesOf({ sessionId: 'one' }, { sessionId: 'two' }, { sessionId: 'one' });
  const sorted = sortRequests(entries, usualSorting);
  const open = makeRows(sorted, { grouped: true, closed: new Set() });
  assert.deepEqual(keysOf(open), ['session:one', '2', '0', 'session:two', '1']);
  const closed = makeRows(sorted, { grouped: true, closed: new Set(['one']) });
  assert.deepEqual(keysOf(closed), ['session:one', 'session:two', '1']);
});

function withoutTokens({ inputTokens: _, ...request }: RequestSummary): RequestSummary {
  return request;
}
