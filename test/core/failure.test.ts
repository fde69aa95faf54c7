import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellFailure } from '../../src/control/tell-failure.ts';
import { fromFailure } from '../../src/control/turn-json.ts';
import { type ErrorKind, ProxyError } from '../../src/core/errors.ts';
import { failureWords, mapTexts, toFailure, wordsOf } from '../../src/core/failure.ts';
import { english, phrase } from '../../src/core/localizer.ts';
import { chinese, englishSentence } from '../chinese-screen.ts';

const login = new ProxyError('login-required', [
  phrase('The login in {0} expired on {1}.', '/home/me/.lingma', '2026-04-30 03:33 UTC'),
  phrase('Open Lingma or QoderCN and sign in; the proxy finds the new login by itself.'),
]);

test('an error of phrases is English to programs, and in the reader’s language on a screen', () => {
  assert.equal(
    login.message,
    'The login in /home/me/.lingma expired on 2026-04-30 03:33 UTC. Open Lingma or QoderCN and sign in; the proxy finds the new login by itself.',
  );
  assert.equal(wordsOf(login, english), login.message);
  assert.equal(
    wordsOf(login, chinese),
    '/home/me/.lingma 中的登录已于 2026-04-30 03:33 UTC 过期。请打开灵码或 QoderCN 并登录，代理会自动发现新的登录。',
  );
});

test('words inside of words are translated, too', () => {
  const error = new ProxyError(
    'login-required',
    phrase('The login cannot be used: {0} {1}.', '/x', phrase('lacks {0}', 'auth.user_id')),
  );
  assert.equal(error.message, 'The login cannot be used: /x lacks auth.user_id.');
  assert.equal(wordsOf(error, chinese), '登录无法使用：/x 缺少 auth.user_id。');
});

test('an error for programs alone is quoted after words for its kind, whatever the kind', () => {
  const kinds: Readonly<Record<ErrorKind, true>> = {
    'invalid-request': true,
    'unsupported-feature': true,
    'context-length-exceeded': true,
    'api-key-required': true,
    forbidden: true,
    'login-required': true,
    'permission-denied': true,
    misconfigured: true,
    'model-not-found': true,
    'not-found': true,
    'method-not-allowed': true,
    'request-too-large': true,
    'unsupported-media-type': true,
    'upgrade-required': true,
    'rate-limited': true,
    overloaded: true,
    'runtime-unavailable': true,
    'upstream-unavailable': true,
    'upstream-protocol': true,
    timeout: true,
    cancelled: true,
    internal: true,
  };
  const message = 'Something is wrong with {0} of it.';
  for (const kind of Object.keys(kinds) as ErrorKind[]) {
    const words = failureWords({ kind, message }, chinese);
    assert.match(
      words,
      /^[^a-z]*(?:API|Lingma|QoderCN)?.*（原文：Something is wrong with \{0\} of it\.）$/,
      kind,
    );
    assert.equal(englishSentence(words), undefined, words);
    assert.equal(failureWords({ kind, message }, english), message);
  }
});

test('an error is in the reader’s language after its way to another process', () => {
  const told = JSON.parse(JSON.stringify(tellFailure(login)));
  const there = fromFailure(told);
  assert.equal(there.kind, 'login-required');
  assert.equal(there.message, login.message);
  assert.equal(wordsOf(there, chinese), wordsOf(login, chinese));
  const plain = fromFailure(JSON.parse(JSON.stringify(tellFailure(new ProxyError('timeout', 'Slow.')))));
  assert.equal(plain.phrases, undefined);
  assert.equal(fromFailure('rubbish').kind, 'internal');
});

test('an error of another bundle, with a class of its own, is in the reader’s language', () => {
  const { message, kind, phrases } = login;
  const foreign = Object.assign(new Error(message), { name: 'ProxyError', kind, phrases });
  assert.equal(wordsOf(foreign, chinese), wordsOf(login, chinese));
});

test('what is no ProxyError keeps its words', () => {
  assert.equal(wordsOf(new Error('代理没有运行。'), chinese), '代理没有运行。');
  assert.equal(wordsOf(Object.assign(new Error('x'), { kind: 'unreadable' }), chinese), 'x');
  assert.equal(wordsOf('text', chinese), 'text');
});

test('secrets are taken out of every text of a failure', () => {
  const failure = toFailure(
    new ProxyError('timeout', phrase('{0}; {1}', 'key-1', phrase('{0} ({1})', 'key-1', 7))),
  );
  const safe = mapTexts(failure, (text) => text.replaceAll('key-1', '…'));
  assert.doesNotMatch(JSON.stringify(safe), /key-1/);
  assert.equal(failureWords(safe, english), '…; … (7)');
  assert.equal(safe.message, '…; … (7)');
});

test('an English sentence on a Chinese screen is found', () => {
  for (const text of [
    '尚无登录：There is no login of Lingma on this computer.',
    'Open Lingma or QoderCN and try again.',
  ]) {
    assert.notEqual(englishSentence(text), undefined, text);
  }
  for (const text of [
    '请打开 QoderCN 或灵码。',
    '后端 remote：https://lingma.example.org（默认）',
    '访问上游失败：“the model is busy right now”。',
  ]) {
    assert.equal(englishSentence(text), undefined, text);
  }
});
