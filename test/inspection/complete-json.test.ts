import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isRecord } from '../../src/core/json.ts';
import { parseBeginning } from '../../src/inspection/complete-json.ts';

/** Whether all that is in `part` is in `whole` as well, the last text of it possibly shorter. */
function isBeginning(part: unknown, whole: unknown): boolean {
  if (typeof part === 'string' && typeof whole === 'string') return whole.startsWith(part);
  if (Array.isArray(part) && Array.isArray(whole)) {
    return part.length <= whole.length && part.every((item, index) => isBeginning(item, whole[index]));
  }
  if (isRecord(part) && isRecord(whole)) {
    return Object.keys(part).every((key) => key in whole && isBeginning(part[key], whole[key]));
  }
  return Object.is(part, whole) || part === whole;
}

test('JSON that is whole is read as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(parseBeginning(text), JSON.parse(text));
    }),
  );
});

test('of JSON that was cut anywhere, what is read is the beginning of what it was', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      text,
      fc.integer(),
      fc.boolean(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(text, tie('tree'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(
      fc.array(tree, { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (value, share) => {
        const whole = JSON.stringify(value);
        const cut = whole.slice(0, Math.max(1, Math.floor(whole.length * share)));
        const read = parseBeginning(cut);
        assert.ok(Array.isArray(read), cut);
        assert.ok(isBeginning(read, JSON.parse(whole)), `${JSON.stringify(read)} of ${whole}`);
      },
    ),
  );
});

test('a text that broke off is kept up to there', () => {
  assert.deepEqual(parseBeginning('{"a":[{"text":"Hello wor'), { a: [{ text: 'Hello wor' }] });
  assert.deepEqual(parseBeginning(String.raw`{"a":"x\u00`), { a: 'x' });
  assert.deepEqual(parseBeginning('{"a":"x\\'), { a: 'x' });
  assert.deepEqual(parseBeginning('{"a":1,"b'), { a: 1 });
  assert.deepEqual(parseBeginning('{"a":1,"b":'), { a: 1 });
});

test('what is no JSON is nothing', () => {
  assert.equal(parseBeginning('hello'), undefined);
  assert.equal(parseBeginning(''), undefined);
});
