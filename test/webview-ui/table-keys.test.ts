import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRows, sortRequests, usualSorting } from '../../webview-ui/requests/request-rows.ts';
import { RequestStore } from '../../webview-ui/requests/request-store.ts';
import {
  keepExisting,
  noSelection,
  type RowSelection,
  selectAll,
  selectRow,
} from '../../webview-ui/requests/row-selection.ts';
import { keyCommand } from '../../webview-ui/requests/table-keys.ts';
import { sampleRequest } from './sample-requests.ts';

/** Two sessions, `a` with 4 and 2 and `b` with 3 and 1, newest first. */
const store = new RequestStore();
store.apply([1, 2, 3, 4].map((n) => sampleRequest(n, { id: String(n), sessionId: n % 2 === 0 ? 'a' : 'b' })));
const sorted = sortRequests(store.entries(), usualSorting);
const flat = makeRows(sorted, { grouped: false, closed: new Set() });
const grouped = makeRows(sorted, { grouped: true, closed: new Set() });
const bClosed = makeRows(sorted, { grouped: true, closed: new Set(['b']) });

const press = (key: string, active: string | undefined, rows = flat, more = {}) =>
  keyCommand({ key, ctrlKey: false, metaKey: false, shiftKey: false, ...more }, rows, active, 2);
const selectOnly = (key: string) => ({ type: 'select', key, mode: 'only' });

test('arrows, Home, End and pages go from line to line and stop at the ends', () => {
  assert.deepEqual(press('ArrowDown', undefined), selectOnly('4'));
  assert.deepEqual(press('ArrowDown', '4'), selectOnly('3'));
  assert.deepEqual(press('ArrowUp', '4'), selectOnly('4'));
  assert.deepEqual(press('End', '4'), selectOnly('1'));
  assert.deepEqual(press('Home', '1'), selectOnly('4'));
  assert.deepEqual(press('PageDown', '4'), selectOnly('2'));
  assert.deepEqual(press('PageUp', '1'), selectOnly('3'));
});

test('with Shift the way there is selected', () => {
  assert.deepEqual(press('ArrowDown', '4', flat, { shiftKey: true }), {
    type: 'select',
    key: '3',
    mode: 'range',
  });
});

test('in a tree, left closes a session or goes to it, and right opens it or goes into it', () => {
  assert.deepEqual(press('ArrowLeft', '2', grouped), selectOnly('session:a'));
  assert.deepEqual(press('ArrowLeft', 'session:a', grouped), { type: 'set-open', session: 'a', open: false });
  assert.deepEqual(press('ArrowRight', 'session:b', bClosed), { type: 'set-open', session: 'b', open: true });
  assert.deepEqual(press('ArrowRight', 'session:a', grouped), selectOnly('4'));
  assert.equal(press('ArrowLeft', '2', flat), undefined);
});

test('keys that mean nothing here are left to others, and an empty list takes none that moves', () => {
  assert.equal(press('x', '4'), undefined);
  assert.equal(press('a', '4'), undefined);
  assert.deepEqual(press('a', '4', flat, { ctrlKey: true }), { type: 'select-all' });
  assert.equal(press('ArrowDown', undefined, []), undefined);
});

test('a click selects one, with Control one more or one less, with Shift all between', () => {
  const one = selectRow(noSelection, flat, '4', 'only');
  const two = selectRow(one, flat, '2', 'toggle');
  assert.deepEqual([...two.selected], ['4', '2']);
  assert.deepEqual([...selectRow(two, flat, '4', 'toggle').selected], ['2']);
  const range = selectRow(one, flat, '2', 'range');
  assert.deepEqual([...range.selected], ['4', '3', '2']);
  // A second range begins where the first did.
  assert.deepEqual([...selectRow(range, flat, '3', 'range').selected], ['4', '3']);
});

test('only requests are selected, also in a range over sessions', () => {
  const from = selectRow(noSelection, grouped, '2', 'only');
  assert.deepEqual([...selectRow(from, grouped, '3', 'range').selected], ['2', '3']);
  assert.equal(selectRow(from, grouped, 'session:a', 'only').selected.size, 0);
  assert.equal(selectAll(noSelection, grouped).selected.size, 4);
});

test('a selection loses what is no longer in the list, and is the same as long as nothing is', () => {
  const selection: RowSelection = { active: '4', anchor: '4', selected: new Set(['4', '3']) };
  assert.equal(keepExisting(selection, flat), selection);
  const left = keepExisting(
    selection,
    flat.filter(({ key }) => key !== '4'),
  );
  assert.deepEqual(left, { active: undefined, anchor: undefined, selected: new Set(['3']) });
});
