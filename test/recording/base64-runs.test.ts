import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foldBase64 } from '../../src/recording/base64-runs.ts';

const words = 'The quick brown fox. ';
const bytes = (count: number) => Buffer.from(Array.from({ length: count }, (_, index) => (index * 37) % 251));

describe('foldBase64', () => {
  test('finds a run wherever it begins and however long it is', () => {
    fc.assert(
      fc.property(
        fc.nat(1_500),
        fc.integer({ min: 192, max: 3_000 }),
        fc.nat(1_500),
        (before, size, after) => {
          const start = words.repeat(100).slice(0, before).padEnd(before, ' ');
          const end = words.repeat(100).slice(0, after);
          const run = bytes(size).toString('base64');
          const folded = foldBase64(`${start}"${run}"${end}`);
          assert.equal(folded, `${start}"[redacted base64, ${size} bytes]"${end}`);
        },
      ),
    );
  });

  test('agrees with a pattern that reads everything', () => {
    const oracle = (text: string) =>
      text.replace(
        /[A-Za-z0-9+/_-]{256,}={0,2}/g,
        (run) => `[redacted base64, ${Math.floor((run.replaceAll('=', '').length * 3) / 4)} bytes]`,
      );
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\\', '')),
      fc.integer({ min: 150, max: 400 }).map((length) => 'aB3+/_-'.repeat(60).slice(0, length)),
      fc.constantFrom('=', '==', '===', ' ', '"'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        assert.equal(foldBase64(text), oracle(text));
      }),
    );
  });

  test('leaves ids, hashes, paths and code as they are', () => {
    for (const text of [
      'toolu_01A09q90qw90lq917835lq9',
      'a'.repeat(255),
      'src/server/plugins/json-body.ts:114\n'.repeat(50),
      String.raw`C:\\Users\\someone\\Documents\\project\\source\\server\\plugins\\guard\\`.repeat(10),
      String.raw`apple\nbanana\ncherry\n`.repeat(50),
      words.repeat(100),
      '',
    ]) {
      assert.equal(foldBase64(text), text);
    }
  });

  test('knows base64 whose slashes are escaped', () => {
    const run = bytes(900).toString('base64');
    assert.ok(run.includes('/'));
    assert.equal(foldBase64(`"${run.replaceAll('/', String.raw`\/`)}"`), '"[redacted base64, 900 bytes]"');
  });

  test('knows base64 that is wrapped into lines', () => {
    const run = bytes(900).toString('base64');
    for (const line of [String.raw`\n`, String.raw`\r\n`, String.raw`\\n`]) {
      const wrapped = (run.match(/.{1,76}/g) ?? []).join(line);
      assert.equal(foldBase64(`"${wrapped}"`), '"[redacted base64, 900 bytes]"');
    }
  });

  test('knows base64 that stands next to an escape', () => {
    const run = bytes(900).toString('base64');
    assert.equal(
      foldBase64(String.raw`"\t${run}\tmore"`),
      String.raw`"\t[redacted base64, 900 bytes]\tmore"`,
    );
  });
});
