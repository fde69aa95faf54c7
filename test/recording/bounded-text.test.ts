import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wireTextOf } from '../../src/core/wire-text.ts';
import { BoundedText } from '../../src/recording/bounded-text.ts';
import { Redactor } from '../../src/recording/redaction.ts';

const secret = 'Kq7zVbN2mX9pLw4T';
const redactor = new Redactor();
redactor.addSecret(secret);
const words = 'one two three ';

test('a secret is not shown, wherever the text is torn into pieces and cut', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 8_000, max: 8_500 }),
      fc.integer({ min: 1, max: secret.length - 1 }),
      fc.nat(300),
      (before, torn, limit) => {
        const text = new BoundedText(limit);
        text.append(words.repeat(1_000).slice(0, before));
        text.append(secret.slice(0, torn));
        text.append(secret.slice(torn));
        text.append(words.repeat(10));
        const shown = text.read(redactor).text;
        for (let length = 4; length <= secret.length; length++) {
          assert.ok(!shown.includes(secret.slice(0, length)), shown.slice(-300));
        }
      },
    ),
  );
});

test('half a secret at the cut is not shown even when what stands before it shrinks', () => {
  // The image goes, so that all of what is kept fits the limit, up to where the pieces were cut.
  const text = new BoundedText(2_000);
  text.append(`${'A'.repeat(9_000)} `);
  text.append('x '.repeat(590));
  text.append(secret);
  text.append(words.repeat(1_000));
  assert.ok(!text.read(redactor).text.includes(secret.slice(0, 4)));
});

test('a large image leaves room for the text behind it', () => {
  const text = new BoundedText(1_000);
  const image = 'A'.repeat(1_000_000);
  text.append(`{"image":"${image}","question":"what is it?"}`);
  assert.equal(
    text.read(redactor).text,
    '{"image":"[redacted base64, 750000 bytes]","question":"what is it?"}',
  );
  assert.ok(text.length > 1_000_000);
  assert.ok(text.weight < 1_000);
});

test('what is sealed is small, stays the same, and takes nothing more', () => {
  const text = new BoundedText(1_000);
  for (let piece = 0; piece < 100_000; piece++) text.append(words);
  assert.ok(text.weight < 20_000);
  text.seal();
  const sealed = text.read(redactor);
  assert.ok(sealed.text.length < 1_100);
  text.append('more');
  text.seal();
  assert.deepEqual(text.read(redactor), sealed);
});

test('what is sealed can be looked at as it came until it is read, even when it was read before its end', () => {
  const text = new BoundedText(1_000);
  text.append(words);
  text.append(secret);
  text.read(redactor);
  text.seal();
  assert.deepEqual(text.peek(), { text: `${words}${secret}`, isWhole: true });
  assert.deepEqual(text.read(redactor), { text: `${words}[redacted]`, omitted: 0 });
  assert.equal(text.peek(), undefined);
});

test('a first piece that is too large is kept as it is no longer than until something asks for it or follows', () => {
  const actions: Readonly<Record<string, (text: BoundedText) => void>> = {
    'it is read': (text) => text.read(redactor),
    'it is looked at': (text) => text.peek(),
    'more comes': (text) => text.append('more'),
    'it is sealed': (text) => text.seal(),
  };
  for (const [what, act] of Object.entries(actions)) {
    const text = new BoundedText(1_000);
    text.append(words.repeat(100_000));
    act(text);
    assert.ok(text.weight < 12_000, `${what}: ${text.weight}`);
    assert.equal(text.read(redactor).text.length, 1_000);
  }
});

test('messages that are alike are cut and redacted as their text would be, and weigh less', () => {
  for (const limit of [1_000, 1_000_000]) {
    const [alike, plain] = [new BoundedText(limit), new BoundedText(limit)];
    for (let index = 0; index < 400; index++) {
      const messages = {
        before: `data: ${words.repeat(5)}`,
        parts: [`你好 ${index}`, '', secret],
        after: '!\n\n',
      };
      alike.append(messages);
      plain.append(wireTextOf(messages));
    }
    assert.equal(alike.length, plain.length);
    if (limit > plain.length) assert.ok(alike.weight < plain.weight / 4);
    assert.deepEqual(alike.read(redactor), plain.read(redactor));
  }
});

test('reading again costs nothing until something new has come', () => {
  let redactions = 0;
  const counting = new Redactor();
  const original = counting.text.bind(counting);
  counting.text = (text) => {
    redactions++;
    return original(text);
  };
  const text = new BoundedText(1_000);
  text.append('one');
  assert.equal(text.read(counting).text, 'one');
  assert.equal(text.read(counting).text, 'one');
  assert.equal(redactions, 1);
  text.append(' two');
  assert.equal(text.read(counting).text, 'one two');
  assert.equal(redactions, 2);
});

test('text of exactly the limit is not cut', () => {
  const text = new BoundedText(words.length);
  text.append(words);
  assert.deepEqual(text.read(redactor), { text: words, omitted: 0 });
  text.append('!');
  assert.deepEqual(text.read(redactor), { text: words, omitted: 1 });
});
