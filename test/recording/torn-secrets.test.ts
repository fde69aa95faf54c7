import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { RequestRecord } from '../../src/recording/record.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';

const secret = 'Kq7zVbN2mX9pLw4T';
const halves = [secret.slice(0, 8), secret.slice(8)] as const;

/** The record of an answer that came in these pieces, streamed by upstream, and to the client if `stream`. */
async function recordOf(pieces: readonly string[], stream: boolean): Promise<RequestRecord> {
  const redactor = new Redactor();
  redactor.addSecret(secret);
  const recorder = new Recorder({ redactor });
  const recording = recorder.begin({ method: 'POST', path: '/v1/messages', headers: {} });
  const turn = {
    model: 'kmodel',
    system: [],
    messages: [],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: stream ? 'incremental' : 'whole',
    metadata: {},
  } as const;
  recording.decoded('anthropic', turn, stream);
  recording.upstreamRequest({ method: 'POST', target: 'http://up/chat', headers: {}, body: 'question' });
  for (const text of pieces) {
    recording.events([{ type: 'text-delta', text }]);
    recording.upstreamData(`data: ${JSON.stringify({ text })}\n\n`);
    if (stream) recording.clientData(`data: ${JSON.stringify({ delta: text })}\n\n`);
  }
  if (!stream) recording.clientData(JSON.stringify({ text: pieces.join('') }));
  recording.finish();
  await setImmediate();
  const [record] = recorder.list(1);
  assert.ok(record);
  return record;
}

for (const stream of [true, false]) {
  test(`a secret torn by the pieces of an answer is in no part of its record, ${stream ? 'streamed' : 'whole'}`, async () => {
    const record = await recordOf(['The key is ', ...halves, '.'], stream);
    const shown = JSON.stringify(record);
    for (const half of halves) assert.ok(!shown.includes(half), shown);
    assert.match(shown, /The key is \[redacted\]\./);
    assert.match(record.upstream[0]?.response ?? '', /This stream is not shown/);
    assert.ok((record.upstream[0]?.responseOmitted ?? 0) > 0);
    assert.equal(record.upstream[0]?.request, 'question');
  });
}

test('an answer without one is shown as it came', async () => {
  const record = await recordOf(['The key is ', 'under the mat', '.'], true);
  assert.equal(
    record.response,
    'data: {"delta":"The key is "}\n\ndata: {"delta":"under the mat"}\n\ndata: {"delta":"."}\n\n',
  );
  assert.match(record.upstream[0]?.response ?? '', /under the mat/);
});
