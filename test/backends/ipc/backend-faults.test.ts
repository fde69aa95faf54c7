import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuntimeEndpoint } from '../../../src/core/login.ts';
import { fixedBrain } from '../../../src/demo/brain.ts';
import type { IpcScenario } from '../../../src/demo/scenarios.ts';
import { makeTurn } from './make-turn.ts';
import { endpointOf, RecordingTrace, runTurn, startRuntime, textOf } from './runtime-fixture.ts';

const answer = 'An answer of some length, in several chunks.';
const brain = fixedBrain([{ text: answer }], { chunkSize: 4 });

describe('the IPC backend, when the runtime fails', () => {
  const failures: [string, IpcScenario, string][] = [
    ['refuses the prompt', { error: { code: -32_603, message: 'no model' } }, 'upstream-unavailable'],
    ['ends with a failing status', { chatFinish: { statusCode: 500 } }, 'upstream-unavailable'],
    ['ends with a failing reason', { chatFinish: { reason: 'error' } }, 'upstream-unavailable'],
    ['ends for a rate limit', { chatFinish: { statusCode: 429 } }, 'rate-limited'],
    ['is killed before the answer', { kill: true }, 'upstream-unavailable'],
    ['is killed in mid-answer', { killAfterChunks: 3 }, 'upstream-unavailable'],
    ['restarts in mid-answer', { restartAfterChunks: 3 }, 'upstream-unavailable'],
    ['sends a malformed frame', { badFrame: { afterChunks: 3, kind: 'malformed' } }, 'upstream-protocol'],
    ['sends an oversized frame', { badFrame: { afterChunks: 3, kind: 'oversized' } }, 'upstream-protocol'],
    ['sends no JSON', { badFrame: { afterChunks: 3, kind: 'not-json' } }, 'upstream-protocol'],
    ['falls silent at once', { stallAfterChunks: 0 }, 'timeout'],
    ['falls silent in mid-answer', { stallAfterChunks: 3 }, 'timeout'],
    [
      'refuses a session',
      { call: 'session/new', error: { code: -32_603, message: 'full' } },
      'upstream-unavailable',
    ],
    ['never opens a session', { call: 'session/new', silent: true }, 'timeout'],
    ['never answers initialize', { call: 'initialize', silent: true }, 'runtime-unavailable'],
    [
      'refuses the model',
      { call: 'session/set_model', error: { code: -32_602, message: 'no' } },
      'upstream-unavailable',
    ],
  ];
  for (const [what, scenario, kind] of failures) {
    it(`and ${what}, fails as ${kind} and answers the next turn`, async (context) => {
      const { simulator, backend } = await startRuntime(context, {
        backend: { idleTimeoutMs: 200, setupTimeoutMs: 500 },
      });
      simulator.setBrain(brain);
      simulator.setScenario('ipc', [scenario]);
      await assert.rejects(runTurn(backend, makeTurn()), { kind });
      assert.equal(textOf(await runTurn(backend, makeTurn())), answer);
      await simulator.until(() => simulator.ipc.sessions.size === 0);
      assert.deepEqual(simulator.violations, []);
    });
  }

  const harmless: [string, IpcScenario][] = [
    ['answers the prompt first', { promptReply: 'first', chunksPerSecond: 100 }],
    ['answers the prompt late', { promptReply: 'late' }],
    ['never answers the prompt', { promptReply: 'never' }],
    ['mixes in updates of others', { foreignUpdates: true }],
    ['sends unknown and stray updates', { outOfOrder: true }],
    ['ends for a reason nobody knows', { chatFinish: { reason: 'moon phase' } }],
  ];
  for (const [what, scenario] of harmless) {
    it(`and merely ${what}, answers all the same`, async (context) => {
      const { simulator, backend } = await startRuntime(context);
      simulator.setBrain(brain);
      simulator.setScenario('ipc', [scenario]);
      const events = await runTurn(backend, makeTurn());
      assert.equal(textOf(events), answer);
      assert.equal(events.at(-1)?.type, 'turn-end');
      await simulator.until(() => simulator.ipc.sessions.size === 0);
      assert.deepEqual(simulator.violations, []);
    });
  }

  it('keeps what it does not know visible in the record', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setScenario('ipc', [{ outOfOrder: true, foreignUpdates: true }]);
    const trace = new RecordingTrace();
    await runTurn(backend, makeTurn(), { trace });
    const oddities = trace.notes.flatMap((note) => (note.type === 'oddity' ? [note.text] : [])).join('\n');
    for (const what of ['available_commands_update', 'something_new', 'workspace/didSomething', 'not ours']) {
      assert.ok(oddities.includes(what), what);
    }
  });

  it('takes an answered prompt for complete when chat_finish stays out', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(brain);
    simulator.setScenario('ipc', [{ chatFinish: 'never' }]);
    const trace = new RecordingTrace();
    const events = await runTurn(backend, makeTurn(), { trace });
    assert.equal(textOf(events), answer);
    assert.equal(events.at(-1)?.type, 'turn-end');
    assert.ok(trace.notes.some((note) => note.type === 'oddity' && note.text.includes('chat_finish')));
  });

  it('finds the runtime again when it came back on another port', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(brain);
    await runTurn(backend, makeTurn());
    const before = simulator.ipc.url;
    await simulator.ipc.restart();
    assert.notEqual(simulator.ipc.url, before);
    assert.equal(textOf(await runTurn(backend, makeTurn())), answer);
    assert.equal(backend.status().endpoint?.address, simulator.ipc.url);
  });

  it('connects again by itself when the connection breaks before the prompt', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(brain);
    simulator.setScenario('ipc', [{ call: 'session/new', kill: true }]);
    const trace = new RecordingTrace();
    assert.equal(textOf(await runTurn(backend, makeTurn(), { trace })), answer);
    assert.equal(simulator.ipc.connectionsEver, 2);
    assert.ok(trace.notes.some((note) => note.type === 'remark' && note.text.includes('went away')));
  });

  it('does not try for ever to connect again', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setScenario('ipc', { call: 'session/new', kill: true });
    await assert.rejects(runTurn(backend, makeTurn()), { kind: 'upstream-unavailable' });
    assert.equal(simulator.ipc.connectionsEver, 2);
  });

  it('deletes over the next connection what a broken one left behind', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setScenario('ipc', [{ killAfterChunks: 1 }]);
    await assert.rejects(runTurn(backend, makeTurn()));
    assert.equal(simulator.ipc.sessions.size, 1);
    await runTurn(backend, makeTurn());
    await backend.dispose();
    assert.equal(simulator.ipc.sessions.size, 0);
    assert.deepEqual(backend.status().sessions, {
      opened: 2,
      deleted: 2,
      refused: 0,
      prepared: 0,
      orphaned: 0,
    });
  });

  it('passes over stale candidates and remembers why', async (context) => {
    const stale: RuntimeEndpoint[] = [
      { transport: 'websocket', address: 'ws://127.0.0.1:1', source: 'stale info' },
      { transport: 'pipe', address: '/nonexistent/lingma.sock', source: 'well-known place' },
    ];
    const { simulator, backend } = await startRuntime(context, {
      endpoints: (running) => [...stale, endpointOf(running)],
    });
    await runTurn(backend, makeTurn());
    const trials = backend.status().discovery?.trials ?? [];
    assert.deepEqual(
      trials.map(({ outcome, endpoint }) => [outcome, endpoint.source]),
      [
        ['passed-over', 'stale info'],
        ['passed-over', 'well-known place'],
        ['connected', 'test'],
      ],
    );
    assert.match(trials[0]?.reason ?? '', /ECONNREFUSED/);
    assert.match(trials[1]?.reason ?? '', /ENOENT/);
    assert.equal(backend.status().endpoint?.address, simulator.ipc.url);
  });

  it('leaves time for the next candidate when one hangs', async (context) => {
    const { simulator, backend } = await startRuntime(context, {
      backend: { setupTimeoutMs: 1_000 },
      endpoints: (running) => [endpointOf(running, 'pipe'), endpointOf(running)],
    });
    simulator.setScenario('ipc', [{ call: 'initialize', silent: true }]);
    await runTurn(backend, makeTurn());
    assert.equal(backend.status().endpoint?.transport, 'websocket');
  });

  it('says what to do when there is no runtime', async (context) => {
    const { backend } = await startRuntime(context, { endpoints: () => [] });
    await assert.rejects(runTurn(backend, makeTurn()), (error: Error & { details?: object }) => {
      assert.match(error.message, /There is no info file\. Open Lingma or QoderCN/);
      assert.deepEqual(error.details, { retryAfterSeconds: 5 });
      return 'kind' in error && error.kind === 'runtime-unavailable';
    });
    assert.match(backend.status().discovery?.problem ?? '', /No Lingma/);
  });

  it('says what to do when none of the candidates answers', async (context) => {
    const { backend } = await startRuntime(context, {
      endpoints: () => [{ transport: 'websocket', address: 'ws://127.0.0.1:1', source: 'x' }],
    });
    const signal = new AbortController().signal;
    await assert.rejects(backend.listModels(signal), { kind: 'runtime-unavailable' });
  });

  it('lists the models of a runtime that cannot generate, and says so plainly when asked to', async (context) => {
    const { simulator, backend } = await startRuntime(context, { simulator: { ipc: { partial: true } } });
    const models = await backend.listModels(new AbortController().signal);
    assert.ok(models.length > 0);
    await assert.rejects(runTurn(backend, makeTurn()), {
      kind: 'runtime-unavailable',
      message: /can list models but cannot generate.*Open the QoderCN or Lingma desktop/,
    });
    assert.deepEqual(simulator.violations, []);
  });

  it('prefers a runtime behind one that cannot generate', async (context) => {
    let partialUrl = '';
    const { simulator, backend } = await startRuntime(context, {
      endpoints: (running) => [
        { transport: 'websocket', address: partialUrl, source: 'extension' },
        endpointOf(running),
      ],
    });
    partialUrl = (await simulator.addRuntime({ partial: true })).url;
    simulator.setBrain(brain);
    assert.equal(textOf(await runTurn(backend, makeTurn())), answer);
    assert.equal(backend.status().endpoint?.address, simulator.ipc.url);
    assert.equal(textOf(await runTurn(backend, makeTurn())), answer);
    assert.equal(simulator.ipc.connectionsEver, 1);
  });
});
