import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import { noTrace } from '../../../src/core/trace.ts';
import { steadyBrain } from '../../../src/demo/brain.ts';
import { makeTurn } from './make-turn.ts';
import { RecordingTrace, runTurn, startRuntime } from './runtime-fixture.ts';

const endless = steadyBrain({ chunkCount: 1_000_000, chunkRate: 200 });

describe('a cancelled IPC turn', () => {
  it('fails with the reason and leaves no session when its signal is aborted in mid-stream', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(endless);
    const controller = new AbortController();
    const trace = new RecordingTrace();
    const run = async () => {
      for await (const event of backend.run(makeTurn(), { signal: controller.signal, trace })) {
        if (event.type === 'text-delta') controller.abort();
      }
    };
    await assert.rejects(run, { kind: 'cancelled' });
    await simulator.until(() => simulator.ipc.sessions.size === 0);
    assert.equal(simulator.ipc.cancels.length, 1);
    assert.deepEqual(trace.methods.slice(-2), ['session/cancel', 'chat/deleteSessionById']);
    assert.deepEqual(simulator.violations, []);
  });

  it('is cancelled upstream even when nobody reads it any more', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(endless);
    const controller = new AbortController();
    const iterator = backend
      .run(makeTurn(), { signal: controller.signal, trace: noTrace })
      [Symbol.asyncIterator]();
    await iterator.next();
    controller.abort(new ProxyError('timeout', 'over'));
    await simulator.until(() => simulator.ipc.sessions.size === 0);
    await iterator.return?.();
  });

  it('leaves no session when its reader returns early', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(endless);
    for await (const event of backend.run(makeTurn(), {
      signal: new AbortController().signal,
      trace: noTrace,
    })) {
      if (event.type === 'text-delta') break;
    }
    await simulator.until(() => simulator.ipc.sessions.size === 0);
    assert.equal(simulator.ipc.cancels.length, 1);
  });

  it('ends at once when its reader returns while it waits for a silent runtime', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setScenario('ipc', { stallAfterChunks: 0 });
    const iterator = backend
      .run(makeTurn(), { signal: new AbortController().signal, trace: noTrace })
      [Symbol.asyncIterator]();
    const next = iterator.next();
    next.catch(() => {});
    await simulator.until(() => simulator.ipc.runningTurns === 1);
    await iterator.return?.();
    await assert.rejects(next, { kind: 'cancelled' });
    await simulator.until(() => simulator.ipc.sessions.size === 0);
  });

  it('deletes a session that was opened too late for it', async (context) => {
    const { simulator, backend } = await startRuntime(context, { simulator: { latencyMs: 30 } });
    const controller = new AbortController();
    const trace = new RecordingTrace();
    const running = runTurn(backend, makeTurn(), { signal: controller.signal, trace });
    running.catch(() => {});
    while (!trace.methods.includes('session/new')) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await assert.rejects(running, { kind: 'cancelled' });
    await simulator.until(() => simulator.ipc.sessionsEver === 1 && simulator.ipc.sessions.size === 0);
    assert.equal(simulator.ipc.promptsEver, 0);
  });

  it('never begins when its signal was aborted before', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    await assert.rejects(runTurn(backend, makeTurn(), { signal: AbortSignal.abort() }), {
      kind: 'cancelled',
    });
    assert.equal(simulator.ipc.connectionsEver, 0);
  });

  it('fails as overloaded when the backend is disposed, which deletes everything and answers nothing more', async (context) => {
    const { simulator, backend } = await startRuntime(context, { backend: { prepareSessions: true } });
    simulator.setBrain(endless);
    const running = runTurn(backend, makeTurn());
    running.catch(() => {});
    await simulator.until(() => simulator.ipc.sessions.size === 2, 'a session in use and one prepared');
    await backend.dispose();
    await assert.rejects(running, { kind: 'overloaded' });
    assert.equal(simulator.ipc.sessions.size, 0);
    await simulator.until(() => simulator.ipc.openConnections === 0);
    await assert.rejects(runTurn(backend, makeTurn()), { kind: 'overloaded' });
    await backend.dispose();
  });
});
