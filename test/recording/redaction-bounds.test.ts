import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { Redactor } from '../../src/recording/redaction.ts';

// What must never get through, and what it may cost to see to that.

const canary = 'Kq7zVbN2mX9pLw4T';
const surroundings = fc.string({ unit: 'grapheme', maxLength: 200 });

describe('a planted secret never gets through', () => {
  const places: Record<string, (secret: string) => string> = {
    'a JSON field': (secret) => JSON.stringify({ password: secret }),
    'JSON inside JSON': (secret) => JSON.stringify({ body: JSON.stringify({ api_key: secret }) }),
    'JSON inside JSON inside JSON': (secret) =>
      JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ refresh_token: secret }) }) }),
    'a login file': (secret) => JSON.stringify({ auth: { cosy_key: secret, machine_id: secret } }, null, 2),
    'a field in camel case': (secret) => `{ securityOauthToken: '${secret}' }`,
    'a bearer': (secret) => `authorization: Bearer ${secret}`,
    'a signed bearer': (secret) => `Bearer COSY.${secret}.0123456789abcdef`,
    'basic credentials': (secret) =>
      `Proxy-Authorization: Basic ${Buffer.from(secret).toString('base64')}${secret}`,
    'a vendor key': (secret) => `sk-ant-api03-${secret}`,
    'a web token': (secret) => `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${secret}`,
    'a proxy URL': (secret) => `http://me:${secret}@proxy.local:3128/`,
    'a query': (secret) => `/v1/models?limit=1&api_key=${secret}&x=1`,
    'a short query': (secret) => `/v1/models?key=${secret}`,
    'an environment file': (secret) => `PATH=/bin\nDB_PASSWORD=${secret}\n`,
    'a private key': (secret) => `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY-----`,
  };
  const redactor = new Redactor();
  for (const [place, write] of Object.entries(places)) {
    test(`in ${place}`, () => {
      fc.assert(
        fc.property(surroundings, surroundings, (before, after) => {
          const redacted = redactor.text(`${before}\n${write(canary)}\n${after}`);
          assert.ok(!redacted.includes(canary), redacted);
        }),
      );
    });
  }

  test('with quotes and escapes inside', () => {
    for (const secret of [
      `it's ${canary}`,
      `say "${canary}"`,
      `back\\slash${canary}`,
      `new\nline${canary}`,
    ]) {
      const redacted = redactor.text(JSON.stringify({ password: secret, next: 'kept' }));
      assert.ok(!redacted.includes(canary), redacted);
      assert.equal(redacted, '{"password":"[redacted]","next":"kept"}');
    }
  });

  test('that is registered, in whatever it is wrapped', () => {
    const secret = `p@ss"w\\rd/${canary}`;
    const own = new Redactor();
    own.addSecret(secret);
    for (const text of [
      secret,
      JSON.stringify({ note: secret }),
      JSON.stringify({ note: JSON.stringify({ note: secret }) }),
      `https://a.example/?q=${encodeURIComponent(secret)}`,
    ]) {
      assert.ok(!own.text(text).includes(canary), own.text(text));
    }
  });

  test('in headers whose name tells it', () => {
    const names = [
      'authorization',
      'Proxy-Authorization',
      'x-api-key',
      'api-key',
      'X-Auth-Token',
      'x-amz-security-token',
      'cookie',
      'Set-Cookie',
      'Cosy-Key',
      'Cosy-User',
      'Cosy-MachineId',
      'Cosy-Machinetoken',
      'Cosy-Organization-Id',
      'x-goog-api-key',
    ];
    const headers = redactor.headers(Object.fromEntries(names.map((name) => [name, canary])));
    assert.deepEqual(new Set(Object.values(headers)), new Set(['[redacted]']));
  });
});

test('images are markers however small they are and however they are written', () => {
  const redactor = new Redactor();
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  for (const text of [
    JSON.stringify({ source: { type: 'base64', media_type: 'image/png', data: png } }),
    JSON.stringify({ url: `data:image/png;base64,${png}` }),
    JSON.stringify({ url: `data:image/png;base64,${png}` }).replaceAll('/', String.raw`\/`),
    JSON.stringify({ body: JSON.stringify({ url: `data:image/png;base64,${png}` }) }),
    `data:image/svg+xml;charset=utf-8;base64,${png}`,
  ]) {
    const redacted = redactor.text(text);
    assert.match(redacted, /redacted image/);
    assert.match(redacted, /70 bytes/);
    assert.ok(!redacted.includes('AAAADUlEQVR42'), redacted);
  }
});

test('redacted text stays as it is when it is redacted again', () => {
  const redactor = new Redactor();
  const text = JSON.stringify({
    api_key: canary,
    url: `data:image/png;base64,${'A'.repeat(900)}`,
    prose: 'kept',
  });
  assert.equal(redactor.text(redactor.text(text)), redactor.text(text));
});

test('source code and prose about secrets stay as they are', () => {
  const redactor = new Redactor();
  for (const text of [
    'const password = readPassword(); // never log the password',
    '{"type":"object","properties":{"password":{"type":"string"},"api_key":{"type":"string"}}}',
    'max_tokens: 100, total_tokens=200, completion_tokens: 7',
    'The key is under the mat; the secret: none. token by token',
    'git diff a/src/9j/file.ts b/src/9j/file.ts',
  ]) {
    assert.equal(redactor.text(text), text);
  }
});

describe('the cost grows with the length, not with its square', () => {
  const redactor = new Redactor();
  redactor.addSecret('a-registered-secret');
  const attacks: Record<string, (size: number) => string> = {
    backslashes: (size) => '\\'.repeat(size),
    'backslashes before a quote': (size) => `${'\\"'.repeat(size / 2)}`,
    'beginnings of data URLs': (size) => 'data:'.repeat(size / 5),
    'a data URL of parameters': (size) => `data:image/png${';a=b'.repeat(size / 4)}`,
    'names of secrets': (size) => 'secret'.repeat(size / 6),
    'a name before spaces': (size) => `password${' '.repeat(size)}`,
    'names before spaces': (size) => `password ${' '.repeat(50)}`.repeat(size / 60),
    'open values': (size) => 'password="'.repeat(size / 10),
    bearers: (size) => 'Bearer '.repeat(size / 7),
    'a bearer before spaces': (size) => `Bearer${' '.repeat(size)}`,
    'beginnings of web tokens': (size) => '-eyJ'.repeat(size / 4),
    'web tokens with escapes': (size) => `\\x${'-eyJ'.repeat(size / 4)}`,
    'URLs without an end': (size) => `http://${'a:'.repeat(size / 2)}`,
    URLs: (size) => 'http://a:'.repeat(size / 9),
    'vendor keys': (size) => 'sk-'.repeat(size / 3),
    'small images': (size) => '/9j/'.repeat(size / 4),
    'small images apart': (size) => 'iVBORw0KGgo '.repeat(size / 12),
    'runs that are just too short': (size) => `${'A'.repeat(255)} `.repeat(size / 256),
    'runs of escapes': (size) => `${'A'.repeat(70)}\\n`.repeat(size / 72),
    'private keys': (size) => '-----BEGIN PRIVATE KEY'.repeat(size / 22),
    'the registered secret but its end': (size) => 'a-registered-secre'.repeat(size / 18),
  };
  for (const [attack, write] of Object.entries(attacks)) {
    test(`for ${attack}`, () => {
      const text = write(2_000_000);
      // The limit is no measure, it only ends what would not end: the square of this length is hours of work, the length itself a moment.
      runInNewContext('redact()', { redact: () => redactor.text(text) }, { timeout: 60_000 });
    });
  }
});
