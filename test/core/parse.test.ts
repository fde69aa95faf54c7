import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { ProxyError } from '../../src/core/errors.ts';
import { parseWith } from '../../src/core/parse.ts';

const schema = z.looseObject({ messages: z.array(z.looseObject({ role: z.string() })) });

function failure(run: () => unknown): ProxyError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ProxyError);
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('a value that fits comes back, unknown fields included', () => {
  assert.deepEqual(parseWith(schema, { messages: [{ role: 'user', extra: 1 }], more: true }), {
    messages: [{ role: 'user', extra: 1 }],
    more: true,
  });
});

test('the first field at fault is named as in code', () => {
  const error = failure(() => parseWith(schema, { messages: [{ role: 'user' }, { role: 3 }] }));
  assert.equal(error.kind, 'invalid-request');
  assert.equal(error.details.param, 'messages[1].role');
  assert.match(error.message, /messages\[1\]\.role/);
});

test('a part of something is named below what it is part of', () => {
  const error = failure(() => parseWith(schema, { messages: 'no' }, 'body'));
  assert.equal(error.details.param, 'body.messages');
});
