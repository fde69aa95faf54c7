import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { unifiedDiff } from '../../src/inspection/unified-diff.ts';

const lines = fc.array(fc.constantFrom('one', 'two', 'three', ''), { maxLength: 40 });

test('a diff leads from the one text to the other', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const [left, right] = [before.join('\n'), after.join('\n')];
      const diff = unifiedDiff({ name: 'a', text: left }, { name: 'b', text: right });
      assert.equal(applyPatch(left, diff), right);
    }),
  );
});

test('also where so much differs that the shortest way is not looked for', () => {
  const text = (seed: string, count: number) =>
    ['first', 'second', 'third', 'fourth', ...Array.from({ length: count }, (_, index) => `${seed} ${index}`)]
      .concat('and', 'then', 'the', 'end')
      .join('\n');
  const [left, right] = [text('a', 3_000), text('b', 4_000)];
  const diff = unifiedDiff({ name: 'a', text: left }, { name: 'b', text: right });
  assert.equal(applyPatch(left, `${diff}\\ No newline at end of file\n`) || applyPatch(left, diff), right);
  assert.equal(diff.match(/^@@/gm)?.length, 1);
});
