import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnIds, fittingColumns } from '../../webview-ui/requests/request-columns.ts';

const idsAt = (width: number, hidden: (typeof columnIds)[number][] = [], widths = {}) =>
  fittingColumns(width, widths, new Set(hidden)).map(({ id }) => id);

test('all columns are shown where there is room, in their order', () => {
  assert.deepEqual(idsAt(2_000), [...columnIds]);
});

test('as room gets scarce the least needed go first, and one is left always', () => {
  assert.deepEqual(idsAt(360), ['time', 'model', 'status']);
  assert.equal(idsAt(10).length, 1);
});

test('a hidden column makes room for another, and a wide one takes it', () => {
  assert.deepEqual(idsAt(440), ['time', 'model', 'status', 'duration']);
  assert.deepEqual(idsAt(440, ['status']), ['time', 'model', 'duration', 'inputTokens']);
  assert.deepEqual(idsAt(440, [], { time: 180 }), ['time', 'model', 'status']);
});
