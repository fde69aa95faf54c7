import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChatStream } from '../../../src/backends/remote/chat-stream.ts';
import { GatheredWire } from '../../../src/recording/gathered-wire.ts';
import { envelope } from './fixtures.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** An answer of 60 KB, of which a record keeps the words. */
function recordAnswer(): GatheredWire {
  const record = new GatheredWire();
  const stream = new ChatStream({
    model: 'kmodel',
    inputTokens: 7,
    toError: () => assert.fail(),
    makeCallId: () => assert.fail(),
    onOddity: assert.fail,
    onRead: (piece) => record.append(piece),
  });
  const id = randomUUID();
  const event = (content: string) => envelope({ id, choices: [{ index: 0, delta: { content } }] });
  const text = Array.from({ length: 300 }, (_, at) => event(`some words ${at}`)).join('');
  const cut = text.length - 100;
  // As it is read from the network: each piece a text of its own.
  for (const piece of [text.slice(0, cut), text.slice(cut)]) stream.push(Buffer.from(piece).toString());
  record.seal();
  return record;
}

test('what a record keeps of an answer does not hold all that it was cut out of', () => {
  recordAnswer();
  const before = usedBytes();
  const records = Array.from({ length: 200 }, recordAnswer);
  const each = (usedBytes() - before) / records.length;
  const weight = records.reduce((sum, record) => sum + record.weight, 0) / records.length;
  assert.ok(each < 3 * weight, `${each} bytes for what weighs ${weight}`);
});
