import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noTrace } from '../../../src/core/trace.ts';
import { fixedBrain } from '../../../src/demo/brain.ts';
import type { IpcScenario } from '../../../src/demo/scenarios.ts';
import type { SimulatedSession, Simulator } from '../../../src/demo/simulator.ts';
import { assistant, makeTurn, user } from './make-turn.ts';
import { RecordingTrace, runTurn, startRuntime, textOf } from './runtime-fixture.ts';

const answer = 'An answer in several chunks.';
const brain = fixedBrain([{ text: answer }], { chunkSize: 4 });

/** How many sessions have their model and no prompt yet. */
function idleSessions({ ipc }: Simulator): number {
  const isIdle = (session: SimulatedSession) => session.model !== undefined && session.promptCount === 0;
  return [...ipc.sessions.values()].filter(isIdle).length;
}

/** Waits until the runtime holds so many prepared sessions. */
async function untilPrepared(simulator: Simulator, count = 1): Promise<void> {
  while (idleSessions(simulator) < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('prepared sessions', () => {
  it('spare the next turn the wait for session/new and set_model', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    await runTurn(backend, makeTurn());
    await untilPrepared(simulator);
    const trace = new RecordingTrace();
    await runTurn(backend, makeTurn(), { trace });
    assert.equal(trace.methods[0], 'session/prompt');
    assert.ok(!trace.methods.includes('session/new'));
    assert.equal(new Set(simulator.ipc.prompts.map((prompt) => prompt.sessionId)).size, 2);
  });

  it('are as many for each model as turns needed at once', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    const models = ['Kimi-K2.6', 'Qwen3-Max', 'Kimi-K2.6', 'Kimi-K2.6'];
    const runAll = () =>
      Promise.all(
        models.map(async (model) => {
          const trace = new RecordingTrace();
          await runTurn(backend, makeTurn({ model }), { trace });
          return trace.methods[0];
        }),
      );
    await runAll();
    await untilPrepared(simulator, 4);
    const opened = simulator.ipc.sessionsEver;
    assert.deepEqual(new Set(await runAll()), new Set(['session/prompt']));
    await simulator.until(() => simulator.ipc.sessions.size === 4);
    assert.equal(simulator.ipc.sessionsEver, opened + 4);
    assert.equal(backend.status().sessions.prepared, 4);
  });

  it('are one more after a turn that came before its session was ready', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    simulator.setScenario('ipc', [{ call: 'session/set_model' }, { call: 'session/set_model', delayMs: 50 }]);
    for (let turn = 0; turn < 2; turn++) await runTurn(backend, makeTurn());
    await untilPrepared(simulator, 2);
  });

  it('are no more than sixteen, however many turns there are at once', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    await Promise.all(Array.from({ length: 24 }, () => runTurn(backend, makeTurn())));
    await untilPrepared(simulator, 16);
    await simulator.until(() => simulator.ipc.sessions.size === 16);
    assert.equal(backend.status().sessions.prepared, 16);
  });

  it('are opened by warming up, before any turn', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    await backend.warmUp('', new AbortController().signal);
    await untilPrepared(simulator);
    const trace = new RecordingTrace();
    await runTurn(backend, makeTurn(), { trace });
    assert.equal(trace.methods[0], 'session/prompt');
  });

  it('are deleted when nobody uses them', async (context) => {
    const { simulator, backend } = await startRuntime(context, {
      backend: { prepareSessions: true, preparedLifetimeMs: 20 },
    });
    await runTurn(backend, makeTurn());
    await simulator.until(() => simulator.ipc.sessionsEver === 2 && simulator.ipc.sessions.size === 0);
    assert.equal(backend.status().sessions.prepared, 0);
  });

  it('that the runtime has forgotten are replaced by new ones', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    simulator.setBrain(brain);
    await runTurn(backend, makeTurn());
    await untilPrepared(simulator);
    simulator.setScenario('ipc', [{ error: { code: -32_001, message: 'session not found' } }]);
    const trace = new RecordingTrace();
    assert.equal(textOf(await runTurn(backend, makeTurn(), { trace })), answer);
    assert.ok(trace.notes.some((note) => note.type === 'attempt'));
    assert.ok(trace.methods.includes('session/new'));
  });

  it('that could not be opened do no harm', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    simulator.setBrain(brain);
    const failing: IpcScenario = { call: 'session/set_model', error: { code: -32_603, message: 'busy' } };
    simulator.setScenario('ipc', [{ call: 'session/set_model' }, failing]);
    await runTurn(backend, makeTurn());
    await simulator.until(() => simulator.ipc.sessionsEver === 2 && simulator.ipc.sessions.size === 0);
    assert.equal(textOf(await runTurn(backend, makeTurn())), answer);
    assert.deepEqual(simulator.violations, []);
  });
});

describe('sessions', () => {
  for (const deleteForm of ['sessionId', 'id'] as const) {
    it(`are deleted in a runtime that knows them as ${deleteForm}`, async (context) => {
      const { simulator, backend } = await startRuntime(context, {
        simulator: { ipc: { deleteForm, sessionIdField: 'id' } },
      });
      for (let turn = 0; turn < 3; turn++) await runTurn(backend, makeTurn());
      await backend.dispose();
      assert.equal(simulator.ipc.sessions.size, 0);
      assert.equal(backend.status().sessions.deleted, 3);
    });
  }

  it('do not leak over a hundred turns of every kind', async (context) => {
    const { simulator, backend, leftFiles } = await startRuntime(context, {
      simulator: { torn: false },
      backend: { prepareSessions: true, idleTimeoutMs: 100 },
    });
    simulator.setBrain(brain);
    const scenarios: IpcScenario[] = [
      {},
      { chatFinish: { reason: 'error' } },
      { promptReply: 'never' },
      { error: { code: -32_603, message: 'no' } },
      { stallAfterChunks: 2 },
      { restartAfterChunks: 2 },
    ];
    const one = async (index: number) => {
      const controller = new AbortController();
      const model = index % 3 === 0 ? 'Qwen3-Max' : 'Kimi-K2.6';
      for await (const event of backend.run(makeTurn({ model }), {
        signal: controller.signal,
        trace: noTrace,
      })) {
        if (event.type === 'text-delta' && index % 7 === 0) controller.abort();
        if (event.type === 'text-delta' && index % 11 === 0) break;
      }
    };
    for (let batch = 0; batch < 25; batch++) {
      simulator.setScenario('ipc', [scenarios[batch % scenarios.length] ?? {}]);
      await Promise.allSettled([0, 1, 2, 3].map((index) => one(batch * 4 + index)));
    }
    simulator.setScenario('ipc', undefined);
    assert.equal(textOf(await runTurn(backend, makeTurn())), answer);
    await backend.dispose();
    await simulator.until(() => simulator.ipc.sessions.size === 0 && simulator.ipc.openConnections === 0);
    const { opened, deleted, refused, prepared, orphaned } = backend.status().sessions;
    assert.ok(opened >= 101);
    assert.deepEqual(
      { prepared, orphaned, unaccounted: opened - deleted - refused },
      {
        prepared: 0,
        orphaned: 0,
        unaccounted: 0,
      },
    );
    assert.equal(backend.status().activeTurns, 0);
    assert.deepEqual(await leftFiles(), []);
    assert.deepEqual(simulator.violations, []);
  });
});

describe('session mode reuse', () => {
  const reuse = { backend: { sessionMode: 'reuse' } } as const;

  it('runs all turns in one session and sends the last user message only', async (context) => {
    const { simulator, backend } = await startRuntime(context, reuse);
    await runTurn(backend, makeTurn({ system: ['s'], messages: [user('one')] }));
    const trace = new RecordingTrace();
    await runTurn(backend, makeTurn({ messages: [user('one'), assistant('a'), user('two')] }), { trace });
    await runTurn(backend, makeTurn({ model: 'Qwen3-Max', messages: [user('three')] }));
    const { prompts } = simulator.ipc;
    assert.deepEqual(
      prompts.map(({ text, model }) => [text, model]),
      [
        ['one', 'Kimi-K2.6'],
        ['two', 'Kimi-K2.6'],
        ['three', 'Qwen3-Max'],
      ],
    );
    assert.equal(simulator.ipc.sessionsEver, 1);
    assert.ok(trace.notes.some((note) => note.type === 'remark' && note.text.includes('reuse')));
    await backend.dispose();
    assert.equal(simulator.ipc.sessions.size, 0);
    assert.deepEqual(simulator.violations, []);
  });

  it('runs one turn at a time', async (context) => {
    const { simulator, backend } = await startRuntime(context, reuse);
    simulator.setBrain(brain);
    const turns = await Promise.all([1, 2, 3].map(() => runTurn(backend, makeTurn())));
    assert.deepEqual(turns.map(textOf), [answer, answer, answer]);
    assert.equal(simulator.ipc.sessionsEver, 1);
    assert.deepEqual(simulator.violations, []);
  });

  it('opens a new session after a failure, an abort or a restart', async (context) => {
    const { simulator, backend } = await startRuntime(context, reuse);
    simulator.setBrain(brain);
    simulator.setScenario('ipc', [{ chatFinish: { statusCode: 500 } }]);
    await assert.rejects(runTurn(backend, makeTurn()));
    await runTurn(backend, makeTurn());
    await simulator.ipc.restart();
    await runTurn(backend, makeTurn());
    assert.equal(simulator.ipc.sessionsEver, 3);
    assert.equal(simulator.ipc.sessions.size, 1);
  });

  it('lets the next turn in when a waiting one is aborted', async (context) => {
    const { simulator, backend } = await startRuntime(context, reuse);
    simulator.setBrain(brain);
    const controller = new AbortController();
    const first = runTurn(backend, makeTurn());
    const waiting = runTurn(backend, makeTurn(), { signal: controller.signal });
    const last = runTurn(backend, makeTurn());
    controller.abort();
    await assert.rejects(waiting, { kind: 'cancelled' });
    assert.deepEqual([textOf(await first), textOf(await last)], [answer, answer]);
  });
});
