import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCount, formatDuration, formatTokens } from '../../src/shared/format-number.ts';

test('counts have a comma before each three digits', () => {
  const counts = [0, 7, 999, 1_000, 12_345, 123_456, 1_234_567, -1_234];
  assert.deepEqual(
    counts.map(formatCount),
    counts.map((count) => count.toLocaleString('en')),
  );
});

test('tokens are rounded as people say them', () => {
  assert.deepEqual([999, 1_000, 1_500, 256_000, 1_000_000, 1_048_576].map(formatTokens), [
    '999',
    '1K',
    '1.5K',
    '256K',
    '1M',
    '1M',
  ]);
});

test('durations keep what matters', () => {
  assert.deepEqual([0.4, 340.2, 1_234, 75_400].map(formatDuration), ['0 ms', '340 ms', '1.2 s', '75 s']);
});
