import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBody } from '../../../src/backends/remote/encode-body.ts';

// Computed with Python from the documented recipe.
const vectors: readonly (readonly [Uint8Array, string])[] = [
  [Buffer.from(''), ''],
  [Buffer.from('a'), '$p$#'],
  [Buffer.from('{"a":1}'), 'ep$$BMn%mYKi'],
  [Buffer.from('{"text":"你好 🌍"}'), 'oeMBw*ep$$n*QG(&QPSWBvmYKwDxiwBM'],
  [Uint8Array.from({ length: 20 }, (_, index) => index), 'lR%_CTiV$&NBopnGR_w__To_fpgd'],
];

test('a body is encoded as newer runtimes do', () => {
  for (const [body, encoded] of vectors) assert.equal(Buffer.from(encodeBody(body)).toString(), encoded);
});

test('a view into a larger buffer is encoded alone', () => {
  const view = new Uint8Array(Buffer.from('xx{"a":1}xx')).subarray(2, 9);
  assert.equal(Buffer.from(encodeBody(view)).toString(), 'ep$$BMn%mYKi');
});
