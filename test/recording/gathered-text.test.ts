import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatheredText } from '../../src/recording/gathered-text.ts';

const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.integer({ min: 4_000, max: 5_000 }).map((length) => '你'.repeat(length)),
);

for (const encoding of ['utf8', 'utf16le'] as const) {
  test(`pieces short and long, read at any time, are their text as ${encoding}`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, fc.boolean())), (pieces) => {
        const gathered = new GatheredText(encoding);
        let text = '';
        for (const [next, looked] of pieces) {
          gathered.append(next);
          text += next;
          if (looked) assert.equal(gathered.read(), text);
        }
        assert.equal(gathered.read(), text);
      }),
    );
  });
}

test('halves of a character that come apart are whole again in utf16le', () => {
  const gathered = new GatheredText('utf16le');
  for (const half of '😀😀'.split('')) gathered.append(half);
  assert.equal(gathered.read(), '😀😀');
});

test('long pieces can be changed, in their place', () => {
  const gathered = new GatheredText('utf8');
  for (const next of ['before ', 'x'.repeat(5_000), ' after']) gathered.append(next);
  assert.equal(
    gathered.changeLongPieces((long) => `${long.length}`),
    4_996,
  );
  assert.equal(gathered.read(), 'before 5000 after');
});
