import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorDetails, type ErrorKind, ProxyError } from '../../../src/core/errors.ts';
import { encodeError } from '../../../src/protocols/anthropic/encode-error.ts';
import { decode } from './example-request.ts';
import { sdkClient } from './sdk-client.ts';

const encode = (kind: ErrorKind, details: ErrorDetails = {}) =>
  encodeError(new ProxyError(kind, 'What to do.', details));

const final: Partial<Record<ErrorKind, [number, string]>> = {
  'invalid-request': [400, 'invalid_request_error'],
  'unsupported-feature': [400, 'invalid_request_error'],
  'context-length-exceeded': [400, 'invalid_request_error'],
  'api-key-required': [401, 'authentication_error'],
  'login-required': [401, 'authentication_error'],
  forbidden: [403, 'permission_error'],
  misconfigured: [400, 'invalid_request_error'],
  'permission-denied': [403, 'permission_error'],
  'model-not-found': [404, 'not_found_error'],
  'not-found': [404, 'not_found_error'],
  'method-not-allowed': [405, 'invalid_request_error'],
  'request-too-large': [413, 'request_too_large'],
  'unsupported-media-type': [415, 'invalid_request_error'],
  'upgrade-required': [426, 'invalid_request_error'],
  cancelled: [499, 'api_error'],
};

const passing: Partial<Record<ErrorKind, [number, string]>> = {
  'rate-limited': [429, 'rate_limit_error'],
  internal: [500, 'api_error'],
  'upstream-protocol': [502, 'api_error'],
  overloaded: [503, 'api_error'],
  'runtime-unavailable': [503, 'api_error'],
  'upstream-unavailable': [503, 'api_error'],
  timeout: [504, 'timeout_error'],
};

function statusAndType(kind: ErrorKind) {
  const { status, body } = encode(kind);
  return [status, (body as { error: { type: string } }).error.type];
}

describe('encoding an error', () => {
  it('tells clients not to repeat what cannot be cured', () => {
    for (const [kind, expected] of Object.entries(final) as [ErrorKind, [number, string]][]) {
      assert.deepEqual(statusAndType(kind), expected, kind);
      assert.deepEqual(encode(kind, { retryAfterSeconds: 3 }).headers, { 'x-should-retry': 'false' }, kind);
    }
  });

  it('always says when to try again what passes by itself', () => {
    for (const [kind, expected] of Object.entries(passing) as [ErrorKind, [number, string]][]) {
      assert.deepEqual(statusAndType(kind), expected, kind);
      assert.match(encode(kind).headers['retry-after'] ?? '', /^[1-9]\d*$/, kind);
      assert.equal(encode(kind, { retryAfterSeconds: 2.1 }).headers['retry-after'], '3', kind);
      assert.equal(encode(kind, { retryAfterSeconds: 0 }).headers['retry-after'], '1', kind);
    }
  });

  it('says that a prompt is too long in the sentence that clients know, with the numbers when there are any', () => {
    const message = (extra?: Record<string, unknown>) =>
      (encode('context-length-exceeded', extra ? { extra } : {}).body as { error: { message: string } }).error
        .message;
    assert.equal(
      message({ inputTokens: 300_000, contextWindow: 256_000 }),
      'prompt is too long: 300000 tokens > 256000 maximum',
    );
    assert.equal(message(), 'prompt is too long: What to do.');
  });

  it('names a missing model in the way that clients know', () => {
    assert.deepEqual(encode('model-not-found').body, {
      type: 'error',
      error: { type: 'not_found_error', message: 'model: What to do.' },
    });
  });

  it("becomes the SDK's own error classes, code and details included", async () => {
    let thrown: unknown;
    try {
      decode({ thread: { type: 'create' } });
    } catch (error) {
      thrown = error;
    }
    assert.ok(thrown instanceof ProxyError);
    const { status, headers, body } = encodeError(thrown);
    const client = sdkClient(() => Response.json(body, { status, headers }));
    await assert.rejects(
      client.messages.create({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] }),
      {
        name: 'ThreadUnsupportedRequestError',
        status: 400,
        errorCode: 'thread_unsupported_request',
        details: { error_code: 'thread_unsupported_request', unsupported: ['thread'] },
      },
    );
  });
});
