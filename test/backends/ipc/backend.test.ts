import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Brain } from '../../../src/demo/brain.ts';
import { fixedBrain, steadyBrain } from '../../../src/demo/brain.ts';
import { assistant, makeTurn, user } from './make-turn.ts';
import { RecordingTrace, runTurn, startRuntime, type Transport, textOf } from './runtime-fixture.ts';

const answer = 'Здравствуй, 世界 🌍!\n\n  indented\ttext ';
const answering = fixedBrain([{ thought: 'let me see' }, { text: answer }], { chunkSize: 5 });

/** Answers each prompt with the prompt itself. */
const echo: Brain = (request) => ({
  parts: [{ text: request.backend === 'ipc' ? request.prompt : '' }],
  chunkSize: 3,
});

describe('the IPC backend', () => {
  for (const transport of ['websocket', 'pipe'] satisfies Transport[]) {
    it(`holds a conversation over a ${transport}, torn anywhere`, async (context) => {
      const { simulator, backend } = await startRuntime(context, { transport });
      simulator.setBrain(answering);
      for (let turn = 0; turn < 3; turn++) {
        const events = await runTurn(backend, makeTurn({ messages: [user(`question ${turn}`)] }));
        assert.equal(textOf(events), answer);
        assert.equal(events[0]?.type, 'turn-start');
        assert.equal(events.filter((event) => event.type === 'reasoning-delta').length, 0);
        const end = events.at(-1);
        assert.ok(end?.type === 'turn-end' && end.usage.source === 'estimate' && end.usage.outputTokens > 0);
      }
      await simulator.until(() => simulator.ipc.sessions.size === 0);
      assert.equal(simulator.ipc.connectionsEver, 1);
      assert.deepEqual(simulator.violations, []);
    });
  }

  it('gives each upstream chunk as one event', async (context) => {
    const { simulator, backend } = await startRuntime(context, { simulator: { torn: false } });
    simulator.setBrain(steadyBrain({ chunkCount: 500, text: 'chunk ' }));
    const events = await runTurn(backend, makeTurn());
    assert.equal(events.filter((event) => event.type === 'text-delta').length, 500);
  });

  it('shows real thoughts to a turn that asks for reasoning', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(answering);
    const events = await runTurn(backend, makeTurn({ reasoning: {} }));
    const thoughts = events.map((event) => (event.type === 'reasoning-delta' ? event.text : '')).join('');
    assert.equal(thoughts, 'let me see');
    assert.equal(textOf(events), answer);
  });

  it('keeps turns that run at the same time apart', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(echo);
    const texts = Array.from({ length: 8 }, (_, index) => `${index}: ${'text '.repeat(20 + index)}`);
    const answers = await Promise.all(
      texts.map(async (text) => textOf(await runTurn(backend, makeTurn({ messages: [user(text)] })))),
    );
    assert.deepEqual(answers, texts);
    assert.equal(simulator.ipc.connectionsEver, 1);
    assert.deepEqual(simulator.violations, []);
  });

  it('lists the models with the names and keys of both backends', async (context) => {
    const { backend } = await startRuntime(context);
    const models = await backend.listModels(new AbortController().signal);
    const kimi = models.find((model) => model.id === 'Kimi-K2.6');
    assert.ok(kimi?.aliases.includes('kmodel'));
    assert.equal(new Set(models.map((model) => model.key)).size, models.length);
  });

  it('runs a model by whichever name it is asked for', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    for (const model of ['Qwen3-Max', 'dashscope_qwen_max_latest', '']) {
      await runTurn(backend, makeTurn({ model }));
    }
    assert.deepEqual(
      simulator.ipc.prompts.map((prompt) => prompt.model),
      ['Qwen3-Max', 'Qwen3-Max', 'Kimi-K2.6'],
    );
  });

  it('refuses a model that the runtime does not list', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    await assert.rejects(runTurn(backend, makeTurn({ model: 'gpt-9' })), { kind: 'model-not-found' });
    assert.equal(simulator.ipc.sessionsEver, 0);
  });

  it('records each call of the turn and each notification, and what had no effect', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    simulator.setBrain(answering);
    const trace = new RecordingTrace();
    await runTurn(backend, makeTurn({ sampling: { temperature: 0.5, topK: 3 } }), { trace });
    await simulator.until(() => simulator.ipc.sessions.size === 0);
    assert.deepEqual(trace.methods, [
      'session/new',
      'session/set_model',
      'session/prompt',
      'chat/deleteSessionById',
    ]);
    assert.ok(trace.requests.every((request) => request.method === 'JSON-RPC'));
    assert.ok(trace.data.some((text) => text.includes('agent_thought_chunk')));
    assert.ok(trace.data.every((text) => JSON.parse(text).method === 'session/update'));
    assert.deepEqual(
      trace.notes.find((note) => note.type === 'ignored'),
      { type: 'ignored', fields: ['temperature', 'top_k'] },
    );
  });

  it('sends the whole conversation as one text', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    const messages = [user('first'), assistant('second'), user('third')];
    await runTurn(backend, makeTurn({ system: ['be kind'], messages }));
    const text = simulator.ipc.prompts[0]?.text ?? '';
    const positions = ['be kind', 'first', 'second', 'third'].map((part) => text.indexOf(part));
    assert.ok(positions.every((position) => position >= 0));
    assert.deepEqual(
      positions,
      positions.toSorted((one, other) => one - other),
    );
  });

  it('carries a conversation of megabytes', async (context) => {
    const { simulator, backend } = await startRuntime(context, { simulator: { torn: false } });
    const big = '数'.repeat(700_000);
    await runTurn(backend, makeTurn({ system: ['s'], messages: [user(big)] }));
    assert.ok(simulator.ipc.prompts[0]?.text.includes(big));
    assert.deepEqual(simulator.violations, []);
  });
});
