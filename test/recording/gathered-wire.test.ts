import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type WireText, wireTextOf } from '../../src/core/wire-text.ts';
import { GatheredWire } from '../../src/recording/gathered-wire.ts';

const text = fc.string({ unit: 'grapheme' });
const alike = fc.record({
  before: fc.constantFrom('data: {"a":"', 'data: {"b":"', ''),
  parts: fc.array(text),
  after: fc.constantFrom('"}\n\n', ''),
});
const long = fc.integer({ min: 4_000, max: 5_000 }).map((length) => '你'.repeat(length));

test('what goes over a wire is read as it went, in whatever pieces it came and whenever it is read', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.oneof(text, long, alike), fc.boolean())), (pieces) => {
      const gathered = new GatheredWire();
      let all = '';
      for (const [piece, looked] of pieces as [WireText, boolean][]) {
        gathered.append(piece);
        all += wireTextOf(piece);
        if (looked) assert.equal(gathered.read(), all);
      }
      gathered.seal();
      assert.equal(gathered.read(), all);
    }),
  );
});

test('messages that are alike weigh little more than what differs in them', () => {
  const gathered = new GatheredWire();
  const messages = { before: 'x'.repeat(300), parts: ['one', 'two'], after: '\n\n' };
  for (let time = 0; time < 1_000; time++) gathered.append(messages);
  assert.ok(gathered.weight < 25_000, `${gathered.weight}`);
});

test('the text can be changed where nothing is alike, and nowhere else', () => {
  const plain = new GatheredWire();
  plain.append('x'.repeat(5_000));
  assert.equal(
    plain.change(() => 'short'),
    4_995,
  );
  assert.equal(plain.read(), 'short');
  assert.equal(plain.weight, 5);
  const mixed = new GatheredWire();
  mixed.append('x'.repeat(5_000));
  mixed.append({ before: '<', parts: ['a'], after: '>' });
  assert.equal(
    mixed.change(() => 'short'),
    0,
  );
  assert.equal(mixed.read(), `${'x'.repeat(5_000)}<a>`);
});
