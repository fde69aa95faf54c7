import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import { replayHeader } from '../../src/recording/replay-marks.ts';

test('a request with a mark is a replay, once; a made-up mark is nothing, and no record shows either', () => {
  const recorder = new Recorder({ redactor: new Redactor() });
  const mark = recorder.marks.issue('req_first');
  const begin = (value: string) =>
    recorder.begin({ method: 'POST', path: '/', headers: { accept: '*/*', [replayHeader]: value } });
  begin(mark);
  begin(mark);
  begin('made-up');
  const records = recorder.list(3);
  assert.deepEqual(
    records.map(({ replayOf }) => replayOf),
    [undefined, undefined, 'req_first'],
  );
  assert.ok(records.every(({ requestHeaders }) => !(replayHeader in requestHeaders)));
});

test('marks that nobody uses do not pile up', () => {
  const { marks } = new Recorder({ redactor: new Redactor() });
  const first = marks.issue('req_1');
  for (let count = 0; count < 200; count++) marks.issue('req_2');
  assert.equal(marks.redeem(first), undefined);
});
