import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../../src/core/collect.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { Turn } from '../../../src/core/turn.ts';
import { Person } from './windows.ts';

const turn: Turn = {
  model: 'kmodel',
  system: ['Be brief.'],
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'They greet.' },
        { type: 'tool-call', id: 'call_1', name: 'look', input: '{"at":"it"}' },
      ],
    },
    {
      role: 'user',
      content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'seen' }] }],
    },
  ],
  tools: [
    {
      kind: 'function',
      name: 'look',
      description: 'Looks.',
      inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
    },
  ],
  toolChoice: { type: 'auto' },
  sampling: { maxOutputTokens: 1_000 },
  delivery: 'incremental',
  metadata: {},
};

async function attachedWindow(person: Person) {
  const [owner] = await person.openWindows(1);
  const [attached] = await person.openWindows(1);
  assert.ok(owner && attached);
  assert.equal(attached.relation, 'attached');
  return { owner, attached };
}

test('a turn of an attached window runs at the owner, and is answered and recorded as its own would be', async (context) => {
  const person = await Person.begin(context);
  const { owner, attached } = await attachedWindow(person);
  const { signal } = new AbortController();
  const caller = { client: 'VS Code', signal };
  const own = await collect(owner.running.proxy.runTurn(turn, caller));
  const other = await collect(attached.running.proxy.runTurn(turn, caller));
  assert.deepEqual(other.content, own.content);
  assert.equal(owner.running.proxy.requests.summaries(10).length, 2);
  assert.equal(owner.running.proxy.requests.summaries(1)[0]?.client, 'VS Code');
});

test('an attached window that does not want its answer any more cancels the turn upstream', async (context) => {
  const person = await Person.begin(context);
  const { attached } = await attachedWindow(person);
  person.simulator.setScenario('remote', { stallAfterChunks: 3 });
  const controller = new AbortController();
  const events = attached.running.proxy.runTurn(turn, { client: 'VS Code', signal: controller.signal });
  await assert.rejects(
    async () => {
      for await (const { type } of events) if (type === 'turn-start') controller.abort();
    },
    (error) => error instanceof ProxyError && error.kind === 'cancelled',
  );
  await person.simulator.until(() => person.simulator.remote.openRequests === 0, 'upstream is left');
});

test('a turn that fails at the owner fails in the same way', async (context) => {
  const person = await Person.begin(context);
  const { attached } = await attachedWindow(person);
  person.simulator.setScenario('remote', { status: 403 });
  const events = attached.running.proxy.runTurn(turn, {
    client: 'VS Code',
    signal: new AbortController().signal,
  });
  await assert.rejects(collect(events), (error) => {
    assert.ok(error instanceof ProxyError);
    assert.equal(error.kind, 'permission-denied');
    return true;
  });
});

test('a turn whose owner is killed invites to try again', async (context) => {
  const person = await Person.begin(context);
  person.keepRunning = true;
  const [attached] = await person.openWindows(1);
  assert.ok(attached);
  const { proxy, owner } = attached.running;
  person.simulator.setScenario('remote', { stallAfterChunks: 3 });
  person.keepRunning = false;
  const events = proxy.runTurn(turn, { client: 'VS Code', signal: new AbortController().signal });
  await assert.rejects(
    async () => {
      for await (const { type } of events) if (type === 'turn-start') process.kill(owner.pid, 'SIGKILL');
    },
    (error) => error instanceof ProxyError && error.kind === 'overloaded',
  );
  await attached.until(({ relation }) => relation === 'own');
});
