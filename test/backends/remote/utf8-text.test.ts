import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Utf8Text } from '../../../src/backends/remote/utf8-text.ts';

function decode(...pieces: readonly Uint8Array[]): string {
  const decoder = new Utf8Text();
  return pieces.map((piece) => decoder.write(piece)).join('') + decoder.end();
}

describe('text that comes in pieces', () => {
  const text = 'a\uFFFD你好\uFFFD\uFFFD🌍 é';
  const bytes = Buffer.from(text);

  test('is whole wherever it is cut, replacement characters that upstream wrote included', () => {
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= bytes.length; second++) {
        assert.equal(
          decode(bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)),
          text,
        );
      }
    }
    assert.equal(decode(...Array.from(bytes, (byte) => Uint8Array.of(byte))), text);
  });

  test('is refused where a byte is broken, wherever it is cut', () => {
    for (const broken of [[0xff], [0xe4, 0xbd], [0xf0, 0x9f, 0x8c], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
      const spoilt = Buffer.concat([bytes, Uint8Array.from(broken), bytes]);
      for (let cut = 0; cut <= spoilt.length; cut++) {
        assert.throws(() => decode(spoilt.subarray(0, cut), spoilt.subarray(cut)), {
          kind: 'upstream-protocol',
        });
      }
    }
  });
});
