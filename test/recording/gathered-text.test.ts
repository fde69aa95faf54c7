import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { GatheredText } from '../../src/recording/gathered-text.ts';

const piece = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary', maxLength: 2 }),
  fc.constant('你'.repeat(70_000)),
);
/** Some pieces, many times over, so that they are joined on several levels. */
const pieces = fc
  .tuple(fc.array(fc.tuple(piece, fc.constantFrom('read', 'sealed', 'left')), { maxLength: 8 }), fc.nat(600))
  .map(([some, times]) => [
    ...some,
    ...Array.from({ length: times }, (_, at) => [`${at} `, 'left'] as const),
  ]);

test('pieces short and long, read and sealed at any time, are their text', () => {
  fc.assert(
    fc.property(pieces, (each) => {
      const gathered = new GatheredText();
      let text = '';
      for (const [next, what] of each) {
        gathered.append(next);
        text += next;
        if (what === 'read') assert.equal(gathered.read(), text);
        if (what === 'sealed') gathered.seal();
      }
      assert.equal(gathered.read(), text);
    }),
  );
});

test('pieces by the thousand are joined on the way', () => {
  const gathered = new GatheredText();
  for (let at = 0; at < 300_000; at++) gathered.append('x');
  assert.equal(gathered.read(), 'x'.repeat(300_000));
});

test('halves of a character that come apart are whole again', () => {
  const gathered = new GatheredText();
  for (const half of '😀😀'.split('')) gathered.append(half);
  gathered.seal();
  assert.equal(gathered.read(), '😀😀');
});

test('the whole text can be changed', () => {
  const gathered = new GatheredText();
  for (const next of ['before ', 'x'.repeat(5_000), ' after']) gathered.append(next);
  assert.equal(
    gathered.change((text) => `${text.length}`),
    5_009,
  );
  assert.equal(gathered.read(), '5013');
});
