import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Backend } from '../../src/core/backend.ts';
import { type ErrorKind, ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Model } from '../../src/core/models.ts';
import type { Turn } from '../../src/core/turn.ts';
import { type FallbackOptions, fallback } from '../../src/policies/fallback.ts';
import { end, eventsOf, recordedContext, text, turnWith } from './scripted-backend.ts';

const model = (key: string, ...aliases: string[]): Model => ({
  id: key,
  key,
  displayName: key,
  aliases,
  scene: 'chat',
});
const listed = [model('a', 'Alpha'), model('b'), model('c', 'Gamma')];

const start = (name: string): TurnEvent => ({ type: 'turn-start', model: name, inputTokens: 1 });
const answer = (name: string): TurnEvent[] => [start(name), ...text('from ', name), end];
const failing = (kind: ErrorKind = 'upstream-unavailable', details = {}) =>
  new ProxyError(kind, `${kind}!`, details);

type Script = readonly (TurnEvent | Error)[];

/** Each model answers with its own script; one without a script answers well. */
class Upstream implements Backend {
  readonly asked: string[] = [];
  readonly turns: Turn[] = [];
  readonly scripts = new Map<string, Script>();
  returned = 0;

  async listModels() {
    return listed;
  }

  async *run(turn: Turn): AsyncGenerator<TurnEvent> {
    this.asked.push(turn.model);
    this.turns.push(turn);
    try {
      for (const event of this.scripts.get(turn.model) ?? answer(turn.model)) {
        if (event instanceof Error) throw event;
        yield event;
      }
    } finally {
      this.returned++;
    }
  }

  async dispose() {}
}

function setUp(options: Partial<FallbackOptions> = {}, scripts: Record<string, Script> = {}) {
  const upstream = new Upstream();
  for (const [name, script] of Object.entries(scripts)) upstream.scripts.set(name, script);
  const clock = { now: 0 };
  const policy = fallback({
    enabled: () => true,
    models: () => ['b', 'c'],
    listed: () => listed,
    now: () => clock.now,
    ...options,
  });
  const backend = policy(upstream);
  const context = recordedContext();
  const ask = (name = 'a') => eventsOf(backend.run(turnWith({ model: name }), context));
  return { upstream, backend, ask, clock, context };
}

describe('fallback', () => {
  test('leaves an answer alone, and the turn as it is', async () => {
    const { backend, upstream, context } = setUp();
    const turn = turnWith({ model: 'a' });
    assert.deepEqual(await eventsOf(backend.run(turn, context)), answer('a'));
    assert.equal(upstream.turns[0], turn);
    assert.equal(upstream.turns.length, 1);
  });

  for (const kind of ['rate-limited', 'upstream-unavailable', 'timeout'] as const) {
    test(`goes on with the next model for ${kind}`, async () => {
      const { ask, context } = setUp({}, { a: [failing(kind)], b: [start('b'), failing(kind)] });
      assert.deepEqual(await ask(), answer('c'));
      assert.deepEqual(context.notes, [
        { type: 'attempt', backend: 'remote', model: 'a', why: 'the model asked for' },
        { type: 'attempt', backend: 'remote', model: 'b', why: `a failed: ${kind}` },
        { type: 'attempt', backend: 'remote', model: 'c', why: `b failed: ${kind}` },
      ]);
    });
  }

  for (const error of [
    failing('login-required'),
    failing('invalid-request'),
    failing('context-length-exceeded'),
    failing('upstream-protocol'),
    failing('cancelled'),
    failing('upstream-unavailable', { upstreamStatus: 404 }),
  ]) {
    test(`does not for ${error.kind} ${error.details.upstreamStatus ?? ''}`, async () => {
      const { ask, upstream } = setUp({}, { a: [error] });
      await assert.rejects(ask(), error);
      assert.deepEqual(upstream.asked, ['a']);
    });
  }

  for (const [name, event] of Object.entries<TurnEvent>({
    text: { type: 'text-delta', text: 'x' },
    reasoning: { type: 'reasoning-delta', text: 'x' },
    'a tool call': { type: 'tool-call-start', id: '1', name: 'read' },
  })) {
    test(`does not once ${name} has been given out`, async () => {
      const error = failing();
      const { backend, upstream, context } = setUp({}, { a: [start('a'), event, error] });
      const seen: TurnEvent[] = [];
      await assert.rejects(async () => {
        for await (const each of backend.run(turnWith({ model: 'a' }), context)) seen.push(each);
      }, error);
      assert.deepEqual(seen, [start('a'), event]);
      assert.deepEqual(upstream.asked, ['a']);
    });
  }

  test('passes keep-alives on, which are no content', async () => {
    const { ask } = setUp({}, { a: [{ type: 'keep-alive' }, start('a'), { type: 'keep-alive' }, failing()] });
    assert.deepEqual(await ask(), [{ type: 'keep-alive' }, { type: 'keep-alive' }, ...answer('b')]);
  });

  test('takes an answer without content for an answer', async () => {
    const { ask } = setUp({}, { a: [start('a'), end] });
    assert.deepEqual(await ask(), [start('a'), end]);
  });

  test('leaves an answer without an end for others to notice', async () => {
    const { ask } = setUp({}, { a: [start('a')] });
    assert.deepEqual(await ask(), [start('a')]);
  });

  test('throws the last error, with its wait, when every model fails', async () => {
    const last = failing('rate-limited', { retryAfterSeconds: 33 });
    const { ask, upstream } = setUp({}, { a: [failing()], b: [failing()], c: [last] });
    await assert.rejects(ask(), last);
    assert.deepEqual(upstream.asked, ['a', 'b', 'c']);
  });

  test('tries each model once, by whatever name, and none that is not listed', async () => {
    const { ask, upstream } = setUp(
      { models: () => ['unlisted', 'Alpha', 'Gamma', 'c', 'b'] },
      { Alpha: [failing()], b: [failing()], c: [failing()] },
    );
    await assert.rejects(ask('Alpha'));
    assert.deepEqual(upstream.asked, ['Alpha', 'c', 'b']);
  });

  test('tries nothing else while the list is unknown, or when it is switched off', async () => {
    for (const options of [{ listed: () => undefined }, { enabled: () => false }]) {
      const { ask, upstream } = setUp(options, { a: [failing()] });
      await assert.rejects(ask());
      assert.deepEqual(upstream.asked, ['a']);
    }
  });

  test('stops at once when the turn was aborted', async () => {
    const controller = new AbortController();
    const upstream = new Upstream();
    const timeout = failing('timeout');
    const inner: Backend = {
      listModels: () => upstream.listModels(),
      async *run(turn) {
        upstream.asked.push(turn.model);
        controller.abort(timeout);
        yield* [];
        throw timeout;
      },
      dispose: () => upstream.dispose(),
    };
    const policy = fallback({ enabled: () => true, models: () => ['b'], listed: () => listed });
    const run = policy(inner).run(turnWith({ model: 'a' }), recordedContext(controller.signal));
    await assert.rejects(eventsOf(run), timeout);
    assert.deepEqual(upstream.asked, ['a']);
  });

  test('stops the upstream run when the events are returned', async () => {
    const { backend, upstream, context } = setUp();
    for await (const event of backend.run(turnWith({ model: 'a' }), context)) {
      if (event.type === 'text-delta') break;
    }
    assert.equal(upstream.returned, 1);
  });
});

describe('a model that failed', () => {
  test('is passed over for a while, then tried again', async () => {
    const { ask, upstream, clock, context } = setUp({ pauseMs: 60_000 }, { a: [failing()] });
    await ask();
    upstream.scripts.clear();
    clock.now = 59_999;
    assert.deepEqual(await ask(), answer('b'));
    assert.deepEqual(context.notes.at(-1), {
      type: 'attempt',
      backend: 'remote',
      model: 'b',
      why: 'a failed a moment ago',
    });
    clock.now = 60_000;
    assert.deepEqual(await ask(), answer('a'));
    assert.deepEqual(upstream.asked, ['a', 'b', 'b', 'a']);
    assert.deepEqual(await ask(), answer('a'));
  });

  test('is tried by one request at a time after the pause, and passed over again if it still fails', async () => {
    const { ask, backend, upstream, clock, context } = setUp({}, { a: [failing()] });
    await ask();
    clock.now = 60_000;
    const probe = backend.run(turnWith({ model: 'a' }), context)[Symbol.asyncIterator]();
    upstream.scripts.set('a', [{ type: 'keep-alive' }, failing()]);
    await probe.next();
    assert.deepEqual(await ask(), answer('b'));
    assert.deepEqual((await probe.next()).value, start('b'));
    await probe.return?.();
    clock.now = 119_999;
    assert.deepEqual(await ask(), answer('b'));
  });

  test('stays open to the next probe when one is given up', async () => {
    const { ask, backend, upstream, clock, context } = setUp({}, { a: [failing()] });
    await ask();
    clock.now = 60_000;
    upstream.scripts.set('a', [{ type: 'keep-alive' }, ...answer('a')]);
    const probe = backend.run(turnWith({ model: 'a' }), context)[Symbol.asyncIterator]();
    await probe.next();
    await probe.return?.();
    assert.deepEqual(await ask(), [{ type: 'keep-alive' }, ...answer('a')]);
  });

  test('is tried all the same when no other answers', async () => {
    const { ask, upstream } = setUp({ models: () => ['b'] }, { a: [failing()], b: [failing()] });
    await assert.rejects(ask());
    upstream.scripts.clear();
    assert.deepEqual(await ask(), answer('a'));
    assert.deepEqual(upstream.asked, ['a', 'b', 'a']);
  });

  test('is not remembered for a request that was its own fault', async () => {
    const { ask, upstream } = setUp({}, { a: [failing('invalid-request')] });
    await assert.rejects(ask());
    upstream.scripts.clear();
    assert.deepEqual(await ask(), answer('a'));
  });
});
