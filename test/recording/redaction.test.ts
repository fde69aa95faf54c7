import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Redactor } from '../../src/recording/redaction.ts';

const redactor = new Redactor();

describe('text', () => {
  test('an image in a data URL becomes a marker with its type and size', () => {
    const image = Buffer.alloc(900, 7).toString('base64');
    assert.equal(
      redactor.text(`{"url":"data:image/png;base64,${image}"}`),
      '{"url":"[redacted image/png, 900 bytes]"}',
    );
  });

  test('bare base64 of some length becomes a marker with its size, a short id stays', () => {
    const image = Buffer.alloc(900, 7).toString('base64');
    assert.equal(redactor.text(`{"data":"${image}"}`), '{"data":"[redacted base64, 900 bytes]"}');
    assert.equal(redactor.text('toolu_01A09q90qw90lq917835lq9'), 'toolu_01A09q90qw90lq917835lq9');
  });

  for (const [secret, text] of [
    ['abcdefghij0123456789', 'Authorization: Bearer abcdefghij0123456789'],
    ['eyJhIjoxfQ==.0123456789abcdef', 'Bearer COSY.eyJhIjoxfQ==.0123456789abcdef'],
    ['sk-proj-0123456789abcdefgh', 'key is sk-proj-0123456789abcdefgh.'],
    ['hunter22', '{"password": "hunter22"}'],
    ['hunter22', String.raw`{\"api_key\": \"hunter22\"}`],
    ['hunter22', 'http://user:hunter22@proxy.local:3128'],
  ] as const) {
    test(`what looks like a secret is removed from ${text}`, () => {
      assert.ok(!redactor.text(text).includes(secret), redactor.text(text));
    });
  }

  test('prose about bearers and passwords stays as it is', () => {
    const prose = 'The bearer of the news has a password: none. Basic rules apply.';
    assert.equal(redactor.text(prose), prose);
  });

  test('a registered secret is removed wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }),
        fc.string(),
        fc.string(),
        (secret, before, after) => {
          const own = new Redactor();
          own.addSecret(secret);
          const mark = '[redacted]';
          fc.pre(!mark.includes(secret) && !`${before}${mark}${after}`.includes(secret));
          assert.ok(!own.text(`${before}${secret}${after}`).includes(secret));
          const quoted = own.text(JSON.stringify({ text: `${before}${secret}${after}` }));
          assert.ok(!quoted.includes(JSON.stringify(secret).slice(1, -1)));
        },
      ),
    );
  });
});

test('headers that carry secrets are replaced whole, others are kept', () => {
  assert.deepEqual(
    redactor.headers({
      Authorization: 'anything',
      'X-Api-Key': 'k',
      'cosy-key': 'c',
      accept: ['a', 'b'],
      absent: undefined,
    }),
    { Authorization: '[redacted]', 'X-Api-Key': '[redacted]', 'cosy-key': '[redacted]', accept: 'a, b' },
  );
});
