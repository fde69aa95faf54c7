import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';

const arrived = { method: 'POST', path: '/v1/messages', headers: { 'user-agent': 'claude-cli/2.1' } };

test('a subscriber hears of each request when it begins and when it ends, until it stops listening', () => {
  const recorder = new Recorder({ redactor: new Redactor() });
  const heard: string[] = [];
  const stop = recorder.subscribe((request) => heard.push(request.toSummary().state));
  const first = recorder.begin(arrived);
  assert.equal(recorder.running, 1);
  const second = recorder.begin(arrived);
  first.finish();
  first.finish();
  assert.deepEqual(heard, ['running', 'running', 'done']);
  assert.equal(recorder.running, 1);
  stop();
  second.finish();
  assert.equal(heard.length, 3);
  assert.equal(recorder.running, 0);
});

test('summaries are newest first and hold no bodies or headers', () => {
  const recorder = new Recorder({ redactor: new Redactor() });
  recorder.begin({ ...arrived, path: '/older' }).clientRequest('secret text');
  recorder.begin({ ...arrived, path: '/newer' });
  const summaries = recorder.summaries(10);
  assert.deepEqual(
    summaries.map(({ path }) => path),
    ['/newer', '/older'],
  );
  assert.equal(JSON.stringify(summaries).includes('secret text'), false);
  assert.equal(summaries[0] && 'requestHeaders' in summaries[0], false);
});
