import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type UpstreamFailure, upstreamError } from '../../../src/backends/remote/upstream-error.ts';
import { login } from './fixtures.ts';

const context = {
  login,
  baseUrl: { url: 'https://lingma.example', source: '/home/me/.lingma/bin/config.json' },
  model: 'kmodel',
};

function errorFor(failure: Partial<UpstreamFailure>) {
  return upstreamError({ status: 500, text: '', where: 'http', ...failure }, context);
}

describe('an upstream error', () => {
  const kinds: readonly (readonly [Partial<UpstreamFailure>, string])[] = [
    [{ status: 400 }, 'invalid-request'],
    [{ status: 401 }, 'login-required'],
    [{ status: 403 }, 'permission-denied'],
    [{ status: 404 }, 'misconfigured'],
    [{ status: 404, where: 'envelope' }, 'model-not-found'],
    [{ status: 408 }, 'timeout'],
    [{ status: 413 }, 'request-too-large'],
    [{ status: 429 }, 'rate-limited'],
    [{ status: 302 }, 'upstream-unavailable'],
    [{ status: 500 }, 'upstream-unavailable'],
    [{ status: 503, where: 'envelope' }, 'upstream-unavailable'],
    [{ status: 400, text: '{"error":{"code":"context_length_exceeded"}}' }, 'context-length-exceeded'],
    [{ status: 400, text: 'the words context_length_exceeded alone' }, 'invalid-request'],
  ];
  for (const [failure, kind] of kinds) {
    test(`${failure.status} ${failure.where ?? 'over HTTP'} ${failure.text ?? ''} is ${kind}`, () => {
      const error = errorFor(failure);
      assert.equal(error.kind, kind);
      assert.equal(error.details.upstreamStatus, failure.status);
    });
  }

  test('of a refused login names its file and the remedy', () => {
    const { message } = errorFor({ status: 401, text: '{"message":"token expired"}' });
    assert.match(message, /\/home\/me\/\.lingma\/cache\/user/);
    assert.match(message, /token expired/);
    assert.match(message, /Sign in again in the IDE/);
  });

  test('of a refused login points out a wrong clock', () => {
    assert.match(errorFor({ status: 401, clockSkewSeconds: -3600 }).message, /60 minutes behind/);
    assert.doesNotMatch(errorFor({ status: 401, clockSkewSeconds: 20 }).message, /clock/);
  });

  test('of a wrong base URL names it and where it came from', () => {
    const { message } = errorFor({ status: 404, text: '<Code>NoSuchKey</Code>' });
    assert.match(message, /https:\/\/lingma\.example/);
    assert.match(message, /\/home\/me\/\.lingma\/bin\/config\.json/);
  });

  test("keeps upstream's Retry-After, and has one of its own where trying again helps", () => {
    assert.equal(errorFor({ status: 429, retryAfterSeconds: 77 }).details.retryAfterSeconds, 77);
    assert.equal(typeof errorFor({ status: 429 }).details.retryAfterSeconds, 'number');
    assert.equal(errorFor({ status: 400 }).details.retryAfterSeconds, undefined);
  });

  test('never repeats a secret that upstream echoes, nor all of a long text', () => {
    const text = `key the-cosy-key info aW5mbw== Bearer COSY.abc.def ${'x'.repeat(10_000)}`;
    const { message } = errorFor({ status: 500, text });
    assert.doesNotMatch(message, /the-cosy-key|aW5mbw==|COSY\.abc/);
    assert.ok(message.length < 1_000);
  });
});
