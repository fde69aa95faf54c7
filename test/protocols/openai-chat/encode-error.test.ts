import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ErrorKind, ProxyError } from '../../../src/core/errors.ts';
import { openAiChat } from '../../../src/protocols/openai-chat/protocol.ts';

const statuses: Record<ErrorKind, number> = {
  'invalid-request': 400,
  'unsupported-feature': 400,
  'context-length-exceeded': 400,
  'api-key-required': 401,
  'login-required': 401,
  misconfigured: 400,
  'permission-denied': 403,
  forbidden: 403,
  'model-not-found': 404,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-too-large': 413,
  'unsupported-media-type': 415,
  'upgrade-required': 426,
  'rate-limited': 429,
  overloaded: 503,
  'runtime-unavailable': 503,
  'upstream-unavailable': 503,
  'upstream-protocol': 502,
  timeout: 504,
  cancelled: 499,
  internal: 500,
};

function isKind(kind: string): kind is ErrorKind {
  return Object.hasOwn(statuses, kind);
}

describe('a chat error', () => {
  for (const [kind, status] of Object.entries(statuses)) {
    test(`of kind ${kind} is ${status}${status === 429 || status === 503 ? ' with Retry-After' : ''}`, () => {
      assert.ok(isKind(kind));
      const encoded = openAiChat.encodeError(new ProxyError(kind, 'What, why, what next.'));
      assert.equal(encoded.status, status);
      assert.equal(/^[1-9]\d*$/.test(encoded.headers['retry-after'] ?? ''), status === 429 || status === 503);
    });
  }

  test('has a message, a type, a param and a code', () => {
    assert.deepEqual(openAiChat.encodeError(new ProxyError('invalid-request', 'Bad.', { param: 'n' })), {
      status: 400,
      headers: {},
      body: { error: { message: 'Bad.', type: 'invalid_request_error', param: 'n', code: null } },
    });
  });

  test('says context_length_exceeded, on which clients compact', () => {
    assert.deepEqual(openAiChat.encodeError(new ProxyError('context-length-exceeded', 'Too long.')).body, {
      error: {
        message: 'Too long.',
        type: 'invalid_request_error',
        param: null,
        code: 'context_length_exceeded',
      },
    });
  });

  test('passes on when to try again, in whole seconds', () => {
    const after = (retryAfterSeconds: number) =>
      openAiChat.encodeError(new ProxyError('upstream-protocol', 'Odd.', { retryAfterSeconds })).headers[
        'retry-after'
      ];
    assert.equal(after(1.2), '2');
    assert.equal(after(0), '1');
  });

  test('carries a code of its own with what belongs to it, which cannot replace the message', () => {
    assert.deepEqual(
      openAiChat.encodeError(
        new ProxyError('invalid-request', 'Bad.', { code: 'special', extra: { more: 1, message: 'other' } }),
      ).body,
      { error: { more: 1, message: 'Bad.', type: 'invalid_request_error', param: null, code: 'special' } },
    );
  });
});
