import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lengthOfWireText, type WireText, wireTextOf } from '../../src/core/wire-text.ts';

const text = fc.string({ maxLength: 5 });
const piece: fc.Arbitrary<WireText> = fc.oneof(
  text,
  fc.record({ before: text, parts: fc.array(text), after: text }),
);

test('pieces are one text: each part between what stands around it', () => {
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const expected = pieces.flatMap((each) =>
        typeof each === 'string' ? [each] : each.parts.map((part) => each.before + part + each.after),
      );
      assert.equal(wireTextOf(...pieces), expected.join(''));
      assert.equal(
        pieces.reduce((length, each) => length + lengthOfWireText(each), 0),
        expected.join('').length,
      );
    }),
  );
});
