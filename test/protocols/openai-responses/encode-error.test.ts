import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorKind, ProxyError } from '../../../src/core/errors.ts';
import { encodeError } from '../../../src/protocols/openai-responses/encode-error.ts';

describe('an error', () => {
  it('has the shape of OpenAI’s errors', () => {
    const error = new ProxyError('context-length-exceeded', 'Too long.', { param: 'input' });
    assert.deepEqual(encodeError(error), {
      status: 400,
      headers: {},
      body: {
        error: {
          message: 'Too long.',
          type: 'invalid_request_error',
          param: 'input',
          code: 'context_length_exceeded',
        },
      },
    });
  });

  it('keeps a code of its own and what belongs to it', () => {
    const details = { code: 'previous_response_not_found', extra: { hint: 1 } };
    assert.deepEqual(encodeError(new ProxyError('invalid-request', 'No.', details)).body, {
      error: {
        hint: 1,
        message: 'No.',
        type: 'invalid_request_error',
        param: null,
        code: 'previous_response_not_found',
      },
    });
  });

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
    cancelled: 499,
    internal: 500,
    'upstream-protocol': 502,
    overloaded: 503,
    'runtime-unavailable': 503,
    'upstream-unavailable': 503,
    timeout: 504,
  };
  const isKind = (kind: string): kind is ErrorKind => kind in statuses;

  for (const kind of Object.keys(statuses).filter(isKind)) {
    it(`of kind ${kind} is a ${statuses[kind]}, and says when to come back if that helps`, () => {
      const { status, headers } = encodeError(new ProxyError(kind, 'x'));
      assert.equal(status, statuses[kind]);
      assert.equal('retry-after' in headers, status === 429 || status === 503);
    });
  }

  it('rounds the time to wait up to whole seconds', () => {
    const headers = (retryAfterSeconds: number) =>
      encodeError(new ProxyError('rate-limited', 'x', { retryAfterSeconds })).headers;
    assert.deepEqual(headers(1.2), { 'retry-after': '2' });
    assert.deepEqual(headers(0), { 'retry-after': '1' });
  });
});
