import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onDemand } from '../../src/core/on-demand.ts';

test('what is made on demand is made when it is first asked for, and once, even where it is undefined', () => {
  const asked: string[] = [];
  const text = onDemand(() => `made ${asked.push('text')}`);
  const nothing = onDemand(() => void asked.push('nothing'));
  assert.deepEqual(asked, []);
  assert.deepEqual([text(), text(), nothing(), nothing()], ['made 1', 'made 1', undefined, undefined]);
  assert.deepEqual(asked, ['text', 'nothing']);
});
