import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fixedBrain, steadyBrain } from '../../src/demo/brain.ts';
import { remoteScenarios } from '../../src/demo/scenarios.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { chat, chatBody, readStream, send } from './hand-made-remote-client.ts';

describe('scenarios of the simulated remote API', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(async () => {
    assert.deepEqual(simulator.violations, []);
    await simulator.close();
  });

  test('answers are torn inside characters and still whole', async () => {
    simulator.setBrain(fixedBrain([{ text: '你好🌏'.repeat(200) }]));
    const torn = await chat(simulator);
    assert.equal(readStream(torn.text).content, '你好🌏'.repeat(200));
    assert.ok(torn.pieces.some((piece) => piece.toString('utf8').includes('\ufffd')));
  });

  test('line ends are CRLF in every other answer, and torn as well', async () => {
    const first = await chat(simulator);
    const second = await chat(simulator);
    assert.ok(!first.text.includes('\r\n') && second.text.includes('\r\n\r\n'));
    assert.equal(readStream(first.text).content, readStream(second.text).content);
  });

  test('a status comes with its headers, and a queue is used up call by call', async () => {
    simulator.setScenario('remote', [{ status: 429, retryAfterSeconds: 7 }, { status: 503 }]);
    const limited = await chat(simulator);
    assert.equal(limited.status, 429);
    assert.equal(limited.headers['retry-after'], '7');
    assert.equal((await chat(simulator)).status, 503);
    assert.equal((await chat(simulator)).status, 200);
  });

  test('a scenario strikes only the call that it names', async () => {
    simulator.setScenario('remote', { call: 'models', status: 404 });
    const models = await send(simulator, { method: 'GET', url: '/algo/api/v2/model/list' });
    assert.match(models.text, /NoSuchKey/);
    assert.equal((await chat(simulator)).status, 200);
  });

  test('a scenario without a queue stays until it is cleared', async () => {
    simulator.setScenario('remote', remoteScenarios['server error']);
    assert.equal((await chat(simulator)).status, 500);
    assert.equal((await chat(simulator)).status, 500);
    simulator.setScenario('remote', undefined);
    assert.equal((await chat(simulator)).status, 200);
  });

  test('a stream ends in each of the known ways, twice, or not at all', async () => {
    const endings = [
      ['finish-event', ['chunk', 'finish']],
      ['done-body', ['chunk', '[DONE]']],
      ['done-bare', ['chunk', 'done']],
      ['finish-reason-only', ['chunk', 'chunk']],
    ] as const;
    for (const [ending, order] of endings) {
      simulator.setScenario('remote', { ending });
      const told = readStream((await chat(simulator)).text);
      assert.deepEqual(told.order.slice(-2), order, ending);
      assert.equal(told.finishReason, 'stop');
    }
    simulator.setScenario('remote', { ending: 'none' });
    const cut = readStream((await chat(simulator)).text);
    assert.equal(cut.finishReason, undefined);
    simulator.setScenario('remote', { duplicateEnd: true });
    const double = readStream((await chat(simulator)).text).order;
    assert.equal(double.filter((kind) => kind === 'finish').length, 2);
  });

  test('usage under either name, or none', async () => {
    simulator.setBrain(fixedBrain([{ text: 'x' }], { usage: { inputTokens: 5, outputTokens: 2 } }));
    simulator.setScenario('remote', { usage: 'input' });
    assert.deepEqual(readStream((await chat(simulator)).text).usage, {
      input_tokens: 5,
      output_tokens: 2,
      total_tokens: 7,
    });
    simulator.setScenario('remote', { usage: 'absent' });
    assert.equal(readStream((await chat(simulator)).text).usage, undefined);
  });

  test('an error envelope replaces the rest', async () => {
    simulator.setScenario('remote', remoteScenarios['error envelope in mid-stream']);
    const answer = await chat(simulator);
    assert.equal(readStream(answer.text).order.at(-1), 'error');
    assert.match(answer.text, /model went away/);
  });

  test('malformed events are in the stream as asked', async () => {
    for (const kind of ['envelope', 'inner'] as const) {
      simulator.setScenario('remote', { malformed: { afterChunks: 2, kind } });
      const { text } = await chat(simulator);
      assert.throws(() => readStream(text), SyntaxError);
    }
    simulator.setScenario('remote', remoteScenarios['wrong encoding']);
    assert.ok((await chat(simulator)).text.includes('\ufffd'));
  });

  test('bare chunks have no envelope, and comments come between', async () => {
    simulator.setScenario('remote', { bareChunks: true, comments: true });
    const { text } = await chat(simulator);
    assert.ok(text.includes('data:{"id":"chatcmpl-') && text.includes(':keep-alive'));
    assert.match(readStream(text).content, /✅$/);
  });

  test('a reset breaks the connection after so many bytes, and is not the client’s doing', async () => {
    simulator.setScenario('remote', { resetAfterBytes: 700 });
    const answer = await chat(simulator);
    assert.equal(answer.complete, false);
    assert.ok(Buffer.byteLength(answer.text) <= 700);
    await simulator.until(() => simulator.remote.openRequests === 0);
    assert.equal(simulator.remote.requests.at(-1)?.aborted, false);
    simulator.setScenario('remote', { reset: true });
    await assert.rejects(chat(simulator), /ECONNRESET|hang up/);
  });

  test('a stall ends when the client leaves, which is on the record', async () => {
    for (const scenario of [
      { stallBefore: 'headers' },
      { stallBefore: 'first-byte' },
      { stallAfterChunks: 2 },
    ] as const) {
      simulator.setScenario('remote', scenario);
      const leaving = new AbortController();
      const gone = send(simulator, { body: JSON.stringify(chatBody()) }, leaving.signal).catch(
        () => undefined,
      );
      await simulator.until(() => simulator.remote.chatsEver > 0 || scenario.stallBefore === 'headers');
      await simulator.until(() => simulator.remote.openRequests === 1);
      leaving.abort();
      await gone;
      await simulator.until(() => simulator.remote.requests.at(-1)?.aborted === true);
      await simulator.close();
      simulator = await startSimulator();
    }
  });

  test('tool calls come in fragments, whole, or interleaved, and without ids if asked', async () => {
    const calls = [
      { id: 'call_1', name: 'read_file', arguments: { path: '/tmp/文件.txt', lines: 200 } },
      { id: 'call_2', name: 'ls', arguments: { path: '/a/rather/long/path/to/cut' } },
    ];
    simulator.setBrain(
      fixedBrain([{ thought: 'hm' }, { text: 'ok' }, ...calls.map((toolCall) => ({ toolCall }))]),
    );
    for (const toolCalls of ['fragments', 'whole', 'interleaved'] as const) {
      simulator.setScenario('remote', { toolCalls });
      const told = readStream((await chat(simulator)).text);
      assert.equal(told.finishReason, 'tool_calls');
      assert.equal(told.reasoning, 'hm');
      assert.deepEqual(
        told.calls.map((call) => ({ ...call, arguments: JSON.parse(call.arguments) })),
        calls,
      );
    }
    simulator.setScenario('remote', { toolCallsWithout: 'id' });
    const [first] = readStream((await chat(simulator)).text).calls;
    assert.equal(first?.id, undefined);
    assert.equal(first?.name, 'read_file');
  });

  test('a huge chunk is one event', async () => {
    simulator.setScenario('remote', { hugeChunk: 300_000 });
    assert.ok(readStream((await chat(simulator)).text).content.endsWith('大'.repeat(300_000)));
  });

  test('an endless line has no end', async () => {
    simulator.setScenario('remote', { endlessLine: 1_000_000 });
    const { text } = await chat(simulator);
    assert.match(text, /data:x{1000000}x*$/);
  });

  test('after the login is rotated the former one gets 401, which is nobody’s fault', async () => {
    const former = simulator.login;
    simulator.rotateLogin();
    const asBefore = { ...simulator, remote: simulator.remote, login: former };
    assert.equal((await chat(asBefore)).status, 401);
    assert.equal((await chat(simulator)).status, 200);
    simulator.expireLogin();
    assert.equal((await chat(simulator)).status, 401);
  });
});

test('the fast path sends exactly so many chunks and respects a slow reader', async () => {
  const simulator = await startSimulator({ torn: false, brain: steadyBrain({ chunkCount: 20_000 }) });
  const told = readStream((await chat(simulator)).text);
  assert.equal(told.content, 'steady text '.repeat(20_000));
  // The role, the finish reason and usage are chunks as well.
  assert.equal(told.order.filter((kind) => kind === 'chunk').length, 20_003);
  await simulator.close();
});
