import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { throttled } from '../../src/extension/throttled.ts';

test('many calls that come close together are one, and none comes after the end', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const ask = throttled(() => runs++, 100);
  for (let call = 0; call < 10; call++) ask();
  assert.equal(runs, 0);
  mock.timers.tick(100);
  assert.equal(runs, 1);
  ask();
  mock.timers.tick(100);
  assert.equal(runs, 2);
  ask();
  ask.dispose();
  ask();
  mock.timers.tick(1_000);
  assert.equal(runs, 2);
  mock.timers.reset();
});
