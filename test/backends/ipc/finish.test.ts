import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readFinish } from '../../../src/backends/ipc/finish.ts';

describe('a chat_finish', () => {
  for (const reason of ['success', 'stop', '', 'end_turn']) {
    it(`ends the turn normally with the reason "${reason}"`, () => {
      assert.deepEqual(readFinish(reason, 200), { failed: false, reason: 'stop', known: true });
    });
  }

  it('ends the turn normally with a reason nobody knows, and says that it is unknown', () => {
    assert.deepEqual(readFinish('moon phase', undefined), { failed: false, reason: 'stop', known: false });
  });

  it('tells an answer that ran into its limit', () => {
    assert.deepEqual(readFinish('max_tokens', undefined), { failed: false, reason: 'length', known: true });
  });

  const failures: [string, number | undefined, string][] = [
    ['model_error', undefined, 'upstream-unavailable'],
    ['FAILED', undefined, 'upstream-unavailable'],
    ['cancelled', undefined, 'upstream-unavailable'],
    ['request timeout', undefined, 'timeout'],
    ['timed out', 200, 'timeout'],
    ['success', 500, 'upstream-unavailable'],
    ['', 429, 'rate-limited'],
    ['', 401, 'login-required'],
    ['', 403, 'permission-denied'],
    ['', 400, 'invalid-request'],
    ['error', 504, 'timeout'],
  ];
  for (const [reason, status, kind] of failures) {
    it(`is a failure of kind ${kind} with reason "${reason}" and status ${status}`, () => {
      const finish = readFinish(reason, status);
      assert.ok(finish.failed);
      assert.equal(finish.error.kind, kind);
      assert.equal(finish.error.details.upstreamStatus, status);
    });
  }
});
