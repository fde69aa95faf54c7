import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TurnStream, type TurnStreamOptions } from '../../../src/backends/ipc/turn-stream.ts';
import type { SessionUpdate } from '../../../src/backends/ipc/updates.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { noTrace, type TraceNote } from '../../../src/core/trace.ts';
import { type WireText, wireTextOf } from '../../../src/core/wire-text.ts';

function makeStream(options: Partial<TurnStreamOptions> = {}) {
  const notes: TraceNote[] = [];
  const data: string[] = [];
  const trace = {
    ...noTrace,
    note: (note: TraceNote) => notes.push(note),
    upstreamData: (piece: WireText) => data.push(wireTextOf(piece)),
  };
  const stream = new TurnStream({
    model: 'm',
    inputTokens: 7,
    reasoning: false,
    trace,
    idleTimeoutMs: 0,
    maxWaitingCharacters: 1000,
    ...options,
  });
  return { stream, notes, data };
}

async function drain(stream: TurnStream): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [];
  while (!stream.drained) {
    await stream.wait();
    events.push(...stream.take());
  }
  return events;
}

const message = (text: string): SessionUpdate => ({ kind: 'message', text });
const thought = (text: string): SessionUpdate => ({ kind: 'thought', text });
const finish: SessionUpdate = { kind: 'finish', reason: 'success', status: 200 };

describe('a turn stream', () => {
  it('turns updates into events one for one', async () => {
    const { stream, data } = makeStream();
    stream.update(message('a'), 'wire a');
    stream.update(message(' b'), 'wire b');
    stream.update(finish, 'wire end');
    assert.deepEqual(await drain(stream), [
      { type: 'turn-start', model: 'm', inputTokens: 7 },
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: ' b' },
      {
        type: 'turn-end',
        reason: 'stop',
        usage: { source: 'estimate', inputTokens: 7, outputTokens: 1 },
      },
    ]);
    assert.deepEqual(data, ['wire a', 'wire b', 'wire end']);
  });

  it('tells the record of all updates in order, those that are alike together', async () => {
    const { stream, data } = makeStream();
    const frame = { before: '<', after: '>', depth: 1 } as const;
    const framed = (text: string) => ({
      requestId: '1',
      sessionId: '1',
      update: { kind: 'message', text } as const,
      frame,
      quoted: text,
    });
    for (const text of ['a', 'b']) stream.update(message(text), framed(text));
    stream.update(message('c'), 'wire c');
    stream.update(message('d'), framed('d'));
    await stream.wait();
    stream.take();
    assert.deepEqual(data, ['<a><b>', 'wire c', '<d>']);
    stream.update(message('e'), framed('e'));
    stream.fail(new ProxyError('internal', 'It broke.'));
    assert.equal(data.at(-1), '<e>');
  });

  it('shows thoughts to a client that asked for them', async () => {
    const { stream } = makeStream({ reasoning: true });
    stream.update(thought('hm'), '');
    stream.update(finish, '');
    assert.deepEqual((await drain(stream))[1], { type: 'reasoning-delta', text: 'hm' });
  });

  it('keeps thoughts from a client that did not ask, but records them', async () => {
    const { stream, data } = makeStream();
    stream.update(thought('hm'), 'wire thought');
    stream.update(finish, '');
    const types = (await drain(stream)).map((event) => event.type);
    assert.deepEqual(types, ['turn-start', 'turn-end']);
    assert.equal(data[0], 'wire thought');
  });

  it('says nothing before upstream has begun, so that an early failure is not an answer', async () => {
    const { stream } = makeStream();
    stream.update({ kind: 'context-usage', usedTokens: 1, limitTokens: 2 }, '');
    stream.update({ kind: 'finish', reason: 'error', status: 500 }, '');
    assert.equal(stream.begun, false);
    assert.deepEqual(stream.take(), []);
    await assert.rejects(stream.wait(), ProxyError);
  });

  it('gives out what came before a failure first', async () => {
    const { stream } = makeStream();
    stream.update(message('part'), '');
    stream.fail(new ProxyError('upstream-unavailable', 'gone'));
    await stream.wait();
    assert.deepEqual(
      stream.take().map((event) => event.type),
      ['turn-start', 'text-delta'],
    );
    await assert.rejects(stream.wait(), { message: 'gone' });
  });

  it('ignores what comes after the end', async () => {
    const { stream } = makeStream();
    stream.update(finish, '');
    stream.update(message('stray'), '');
    stream.update(finish, '');
    stream.fail(new Error('late'));
    assert.deepEqual(
      (await drain(stream)).map((event) => event.type),
      ['turn-start', 'turn-end'],
    );
  });

  it('makes no usage of the context in use, but remarks on it', async () => {
    const { stream, notes } = makeStream();
    stream.update({ kind: 'context-usage', usedTokens: 500, limitTokens: 1000 }, '');
    stream.update(finish, '');
    const end = (await drain(stream)).at(-1);
    assert.ok(end?.type === 'turn-end' && end.usage.inputTokens === 7);
    assert.ok(notes.some((note) => note.type === 'remark' && note.text.includes('500 of 1000')));
  });

  it('notes each oddity once', async () => {
    const { stream, notes } = makeStream();
    stream.update({ kind: 'unknown', name: 'plan' }, '');
    stream.update({ kind: 'unknown', name: 'plan' }, '');
    stream.update({ kind: 'finish', reason: 'moon phase', status: undefined }, '');
    await drain(stream);
    const oddities = notes.flatMap((note) => (note.type === 'oddity' ? [note.text] : []));
    assert.equal(oddities.length, 2);
    assert.match(oddities[0] ?? '', /plan/);
    assert.match(oddities[1] ?? '', /moon phase/);
  });

  it('bounds what waits for a client that does not read', async () => {
    const { stream } = makeStream({ maxWaitingCharacters: 10 });
    stream.update(message('123456'), '');
    stream.update(message('123456'), '');
    stream.take();
    await assert.rejects(stream.wait(), { kind: 'overloaded' });
  });

  it('tells at once that it is over, even when nobody takes the events', () => {
    const { stream } = makeStream();
    let over = 0;
    stream.onOver = () => over++;
    stream.update(finish, '');
    stream.fail(new Error('later'));
    assert.equal(over, 1);
  });

  describe('over time', () => {
    it('fails after too long a silence, counted from the last update', async (context) => {
      context.mock.timers.enable({ apis: ['setTimeout'] });
      let now = 0;
      context.mock.method(performance, 'now', () => now);
      const pass = (ms: number) => {
        now += ms;
        context.mock.timers.tick(ms);
      };
      const { stream } = makeStream({ idleTimeoutMs: 1000 });
      pass(900);
      stream.update(message('still here'), '');
      pass(900);
      assert.equal(stream.over, false);
      pass(200);
      assert.equal(stream.over, true);
      stream.take();
      await assert.rejects(stream.wait(), { kind: 'timeout' });
    });

    it('ends normally, with an oddity, when the finish does not come after the reply', async (context) => {
      context.mock.timers.enable({ apis: ['setTimeout'] });
      let now = 0;
      context.mock.method(performance, 'now', () => now);
      const pass = (ms: number) => {
        now += ms;
        context.mock.timers.tick(ms);
      };
      const { stream, notes } = makeStream();
      stream.update(message('all'), '');
      stream.endAfterSilence(1000, 5000);
      pass(999);
      assert.equal(stream.over, false);
      pass(1);
      const events = await drain(stream);
      assert.equal(events.at(-1)?.type, 'turn-end');
      assert.ok(notes.some((note) => note.type === 'oddity' && note.text.includes('chat_finish')));
    });

    it('fails when the prompt was answered and nothing of an answer ever came', async (context) => {
      context.mock.timers.enable({ apis: ['setTimeout'] });
      let now = 0;
      context.mock.method(performance, 'now', () => now);
      const { stream } = makeStream();
      stream.endAfterSilence(1000, 5000);
      now = 1000;
      context.mock.timers.tick(1000);
      await assert.rejects(stream.wait(), { kind: 'upstream-protocol' });
    });

    it('takes a reply that more text follows for a receipt, and waits longer', (context) => {
      context.mock.timers.enable({ apis: ['setTimeout'] });
      let now = 0;
      context.mock.method(performance, 'now', () => now);
      const pass = (ms: number) => {
        now += ms;
        context.mock.timers.tick(ms);
      };
      const { stream } = makeStream();
      stream.update(message('a'), '');
      stream.endAfterSilence(1000, 5000);
      stream.update(message('b'), '');
      pass(1000);
      pass(3000);
      assert.equal(stream.over, false);
      pass(1000);
      assert.equal(stream.over, true);
    });
  });
});
