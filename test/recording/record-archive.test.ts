import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { ProxyError } from '../../src/core/errors.ts';
import { silentLogger } from '../../src/core/logger.ts';
import type { Turn } from '../../src/core/turn.ts';
import { RecordArchive } from '../../src/recording/record-archive.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import { UsageHistory } from '../../src/recording/usage-history.ts';

let root: string;
let directory: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'lingma-records-'));
});
beforeEach(async () => {
  directory = join(await mkdtemp(join(root, 'run-')), 'records');
});
after(() => rm(root, { recursive: true }));

const secret = 'Kq7zVbN2mX9pLw4T';

const emptyTurn: Turn = {
  model: '',
  system: [],
  messages: [],
  tools: [],
  toolChoice: { type: 'auto' },
  sampling: {},
  delivery: 'incremental',
  metadata: {},
};

function run(options: { limit?: number; isOn?: boolean; warn?: (message: string) => void } = {}) {
  const redactor = new Redactor();
  redactor.addSecret(secret);
  const recorder = new Recorder({ redactor });
  const usage = new UsageHistory();
  recorder.onSettled((request) => usage.add(request.toSummary()));
  const archive = new RecordArchive({
    directory,
    recorder,
    usage,
    limit: options.limit ?? 1_000_000,
    isOn: () => options.isOn ?? true,
    logger: { ...silentLogger, warn: options.warn ?? silentLogger.warn },
  });
  return { recorder, usage, archive };
}

async function answer(recorder: Recorder, body = 'question', model = 'kmodel'): Promise<string> {
  const recording = recorder.begin({
    method: 'POST',
    path: '/v1/messages',
    headers: { 'user-agent': 'claude-cli/2.1', 'x-api-key': secret },
  });
  recording.clientRequest(JSON.stringify({ model, body }));
  recording.decoded('messages', { ...emptyTurn, model }, true);
  recording.note({ type: 'model', asked: model, used: model, rule: 'the name itself' });
  recording.note({ type: 'attempt', backend: 'remote', model, why: 'the model asked for' });
  recording.upstreamRequest({ method: 'POST', target: 'http://up', headers: {}, body: 'upstream?' });
  recording.upstreamResponse(200, { 'content-type': 'text/event-stream' });
  recording.upstreamData('data: upstream!\n\n');
  recording.events([{ type: 'turn-start', model, inputTokens: 3 }]);
  recording.events([{ type: 'text-delta', text: 'ans' }]);
  recording.events([{ type: 'text-delta', text: 'wer' }]);
  recording.events([
    {
      type: 'turn-end',
      reason: 'stop',
      usage: { source: 'upstream', inputTokens: 3, outputTokens: 1, cachedInputTokens: 2 },
    },
  ]);
  recording.clientData('data: answer\n\n');
  recording.clientStatus(200, { 'content-type': 'text/event-stream' });
  recording.finish();
  await setImmediate();
  return recording.id;
}

test('a later run has the same records, all of them, and the sums', async () => {
  const first = run();
  const ids = [await answer(first.recorder, '一'), await answer(first.recorder, '二')];
  const failed = first.recorder.begin({ method: 'GET', path: '/v1/models', headers: {} });
  failed.failed(new ProxyError('timeout', 'late'));
  failed.finish();
  await setImmediate();
  await first.archive.close();
  const kept = first.recorder.list(10);

  const second = run();
  const fresh = await answer(second.recorder);
  await second.archive.restore();
  assert.deepEqual(
    second.recorder.summaries(10).map(({ id }) => id),
    [fresh, failed.id, ...ids.toReversed()],
  );
  assert.deepEqual(second.recorder.list(10).slice(1), kept);
  assert.equal(second.recorder.find(ids[0] ?? '')?.readBody('response', 0)?.text, 'data: upstream!\n\n');
  const requests = (usage: UsageHistory) =>
    usage.slices('week').reduce((sum, { slot }) => sum + slot.sums.requests, 0);
  assert.equal(requests(second.usage), requests(first.usage) + 1);
  await second.archive.close();
});

test('nobody else may read the files, and no secret is in them', async () => {
  const { recorder, archive } = run();
  await answer(recorder, `my key is ${secret}, or Bearer abcdefghij0123456789`);
  await archive.close();
  const names = await readdir(directory);
  assert.equal(names.length, 2);
  for (const name of names) {
    const path = join(directory, name);
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
    const text = await readFile(path, 'utf8');
    assert.ok(!text.includes(secret) && !text.includes('abcdefghij0123456789'));
  }
  if (process.platform !== 'win32') assert.equal((await stat(directory)).mode & 0o777, 0o700);
});

test('the files are bounded: the oldest go first', async () => {
  const limit = 80_000;
  const ids: string[] = [];
  for (let round = 0; round < 4; round++) {
    const { recorder, archive } = run({ limit });
    for (let count = 0; count < 12; count++) ids.push(await answer(recorder, 'x y '.repeat(500)));
    await archive.close();
  }
  let size = 0;
  for (const name of await readdir(directory)) size += (await stat(join(directory, name))).size;
  assert.ok(size > limit / 2 && size < limit * 1.3, `${size} bytes`);
  const later = run({ limit });
  await later.archive.restore();
  const restored = later.recorder.summaries(100).map(({ id }) => id);
  assert.ok(restored.length > 10 && restored.length < 40, `${restored.length} records`);
  assert.deepEqual(restored, ids.slice(-restored.length).toReversed());
});

test('a record that is too large for the files is kept without its bodies', async () => {
  const { recorder, archive } = run({ limit: 100_000 });
  await answer(recorder, 'x y '.repeat(20_000));
  await archive.close();
  const later = run();
  await later.archive.restore();
  const [record] = later.recorder.list(1);
  assert.deepEqual([record?.request, record?.upstream[0]?.request], ['', '']);
  assert.ok((record?.requestOmitted ?? 0) > 80_000);
  assert.equal(record?.modelUsed, 'kmodel');
});

test('what is torn, foreign or of another version is passed over, and the rest is read', async () => {
  const { recorder, archive } = run();
  const ids = [await answer(recorder), await answer(recorder)];
  await archive.close();
  const [name = ''] = (await readdir(directory)).filter((each) => each.startsWith('records-'));
  const path = join(directory, name);
  const [header, summary, details, ...rest] = (await readFile(path, 'utf8')).split('\n');
  const torn = [header, summary?.slice(0, 40), '', 'null', summary, 'no details', ...rest].join('\n');
  await writeFile(path, torn);
  await appendFile(path, `${summary?.replace('done', 'running')}\n${details}\n{"id":`);
  await writeFile(join(directory, 'records-0000000000000-future.jsonl'), '{"version":9}\n');
  await writeFile(join(directory, 'notes.txt'), 'not ours');
  await writeFile(join(directory, 'usage.json'), '{"version":1,');
  const later = run();
  await later.archive.restore();
  assert.deepEqual(
    later.recorder.summaries(10).map(({ id }) => id),
    ids.toReversed(),
  );
  const unreadable = later.recorder.list(10).at(-1);
  assert.deepEqual(
    unreadable?.notes.map(({ type }) => type),
    ['remark'],
  );
  assert.equal(unreadable?.request, '');
  assert.ok((await readdir(directory)).includes('notes.txt'));
});

test('forgotten requests are gone from the files as well, also those that were about to be written', async () => {
  const { recorder, archive } = run();
  await answer(recorder);
  await archive.close();
  const next = run();
  await next.archive.restore();
  await answer(next.recorder);
  assert.equal(next.recorder.clear(), 2);
  await next.archive.clear();
  await next.archive.close();
  assert.deepEqual(await readdir(directory), ['usage.json']);
});

test('once it is turned off nothing is written, and what was is removed', async () => {
  const { recorder, archive } = run();
  await answer(recorder);
  await archive.close();
  const off = run({ isOn: false });
  await off.archive.restore();
  assert.deepEqual(off.recorder.summaries(10), []);
  await answer(off.recorder);
  await off.archive.close();
  assert.deepEqual(await readdir(directory), ['usage.json']);
});

test('a folder that cannot be written to is told once, and nothing fails', async () => {
  const warnings: string[] = [];
  await writeFile(join(root, 'a-file'), '');
  directory = join(root, 'a-file', 'records');
  const { recorder, archive } = run({ warn: (message) => warnings.push(message) });
  await archive.restore();
  await answer(recorder);
  await archive.close();
  await archive.clear();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /cannot be kept in .*a-file.*memory only/);
});

test('records are written once it is quiet, and after half a minute in any case', async (context) => {
  let now = performance.now();
  context.mock.timers.enable({ apis: ['setTimeout'] });
  context.mock.method(performance, 'now', () => now);
  const { recorder, archive } = run();
  const flush = context.mock.method(archive, 'flush');
  const answerThenWait = async (milliseconds: number) => {
    await answer(recorder);
    now += milliseconds;
    context.mock.timers.tick(milliseconds);
  };
  for (let time = 0; time < 15; time++) await answerThenWait(1_900);
  assert.equal(flush.mock.callCount(), 0);
  await answerThenWait(1_900);
  assert.equal(flush.mock.callCount(), 1);
  await answerThenWait(2_000);
  assert.equal(flush.mock.callCount(), 2);
  await archive.close();
});
