import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { createRemoteBackend, type RemoteBackendOptions } from '../../../src/backends/remote/backend.ts';
import { collect } from '../../../src/core/collect.ts';
import { type ErrorKind, ProxyError } from '../../../src/core/errors.ts';
import type { FunctionTool, Message, Turn } from '../../../src/core/turn.ts';
import { fixedBrain } from '../../../src/demo/brain.ts';
import { remoteScenarios } from '../../../src/demo/scenarios.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator.ts';
import { contextWith, turnWith } from './fixtures.ts';

let simulator: Simulator;
let backend: ReturnType<typeof createRemoteBackend>;
/** Gives up early: only for an upstream that never says anything again. */
let impatient: typeof backend;

function backendWith(options: Partial<RemoteBackendOptions> = {}) {
  return createRemoteBackend({
    login: async () => {
      const { key, encryptUserInfo, uid, machineId, organizationId } = simulator.login;
      return {
        cosyKey: key,
        encryptUserInfo,
        userId: uid,
        machineId,
        organizationId,
        source: simulator.loginRoot,
      };
    },
    baseUrl: async () => ({ url: simulator.remote.url, source: 'setting' }),
    environment: {},
    ...options,
  });
}

before(async () => {
  simulator = await startSimulator({ seed: 7 });
  backend = backendWith();
  impatient = backendWith({ idleTimeoutMs: 200 });
});
after(async () => {
  await Promise.all([backend.dispose(), impatient.dispose()]);
  await simulator.until(() => simulator.remote.openConnections === 0, 'all connections closed');
  await simulator.close();
});
afterEach(() => {
  simulator.setScenario('remote', undefined);
  assert.deepEqual(simulator.violations, []);
});

const words = 'Wie geht es dir? 你好，世界 🌍\n\tIndented  and spaced. '.repeat(4);
const read: FunctionTool = {
  kind: 'function',
  name: 'read_file',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } } },
};

async function ask(turn: Partial<Turn> = {}, asked = backend) {
  return collect(asked.run(turnWith(turn), contextWith()));
}

describe('against a strict upstream, torn anywhere', () => {
  test('a text comes through exactly', async () => {
    simulator.setBrain(
      fixedBrain([{ thought: 'Hm, 好.' }, { text: words }], { usage: { inputTokens: 31, outputTokens: 9 } }),
    );
    const { content, usage, reason } = await ask({ system: ['Be brief.'], reasoning: {} });
    assert.deepEqual(content, [
      { type: 'reasoning', text: 'Hm, 好.' },
      { type: 'text', text: words },
    ]);
    assert.deepEqual(usage, { source: 'upstream', inputTokens: 31, outputTokens: 9 });
    assert.equal(reason, 'stop');
  });

  for (const toolCalls of ['fragments', 'whole', 'interleaved'] as const) {
    for (const toolCallsWithout of [undefined, 'id', 'index'] as const) {
      // Interleaved fragments without an index belong to nobody.
      if (toolCalls === 'interleaved' && toolCallsWithout === 'index') continue;
      test(`tool calls come through (${toolCalls}, without ${toolCallsWithout ?? 'nothing'})`, async () => {
        simulator.setScenario('remote', { toolCalls, ...(toolCallsWithout ? { toolCallsWithout } : {}) });
        const paths = ['a "quoted" name}', '文件.txt'];
        simulator.setBrain(
          fixedBrain([
            { text: 'Reading.' },
            ...paths.map((path) => ({ toolCall: { name: 'read_file', arguments: { path } } })),
          ]),
        );
        const { content, reason } = await ask({ tools: [read] });
        const calls = content.filter((part) => part.type === 'tool-call');
        assert.equal(reason, 'tool-calls');
        assert.deepEqual(
          calls.map(({ name, input }) => [name, JSON.parse(input)]),
          paths.map((path) => ['read_file', { path }]),
        );
        assert.equal(new Set(calls.map(({ id }) => id)).size, 2);
      });
    }
  }

  test('a conversation with tool results is accepted', async () => {
    simulator.setBrain(fixedBrain([{ text: 'Done.' }]));
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'Read a and b.' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'two files' },
          { type: 'tool-call', id: 'c1', name: 'read_file', input: '{"path":"a"}' },
          { type: 'tool-call', id: 'c2', name: 'read_file', input: '' },
        ],
      },
      { role: 'system', content: [{ type: 'text', text: 'Stay calm.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Here:' },
          { type: 'tool-result', callId: 'c2', content: [], isError: true },
          { type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'A' }] },
        ],
      },
    ];
    const { content } = await ask({ messages, tools: [read], toolChoice: { type: 'required' } });
    assert.deepEqual(content, [{ type: 'text', text: 'Done.' }]);
  });

  test('the IDE profile with encoded bodies is accepted', async () => {
    simulator.setBrain(fixedBrain([{ text: words }]));
    const ide = backendWith({ profile: 'ide' });
    const { content } = await collect(ide.run(turnWith({ tools: [read] }), contextWith()));
    assert.deepEqual(content, [{ type: 'text', text: words }]);
    await ide.dispose();
  });

  test('the models are listed, and each can be asked', async () => {
    simulator.setBrain(fixedBrain([{ text: 'Hi' }]));
    const models = await backend.listModels(new AbortController().signal);
    assert.ok(models.length > 1);
    for (const { id } of models) assert.equal((await ask({ model: id })).model, id);
  });

  test('a login that is renewed while a request is on its way is used for that request', async () => {
    simulator.setBrain(fixedBrain([{ text: words }]));
    simulator.setScenario('remote', [{ latencyMs: 50 }]);
    const chats = simulator.remote.chatsEver;
    const asked = ask();
    await simulator.until(() => simulator.remote.chatsEver > chats, 'the request has arrived');
    simulator.rotateLogin();
    assert.deepEqual((await asked).content, [{ type: 'text', text: words }]);
    assert.equal(simulator.remote.chatsEver, chats + 2);
  });

  test('a rotated login is used by the next request', async () => {
    simulator.setBrain(fixedBrain([{ text: 'Hi' }]));
    simulator.rotateLogin();
    assert.deepEqual((await ask()).content, [{ type: 'text', text: 'Hi' }]);
  });

  test('an abort in mid-stream ends the upstream request', async () => {
    simulator.setBrain(fixedBrain([{ text: words }]));
    simulator.setScenario('remote', { stallAfterChunks: 4 });
    const controller = new AbortController();
    const events = backend.run(turnWith(), contextWith({ signal: controller.signal }));
    await assert.rejects(
      async () => {
        for await (const event of events) if (event.type === 'text-delta') controller.abort();
      },
      (error) => error instanceof ProxyError && error.kind === 'cancelled',
    );
    await simulator.until(() => simulator.remote.openRequests === 0, 'the request has ended');
  });
});

/** What becomes of each named scenario: an error of this kind, or the whole answer. */
const outcomes: Readonly<Record<keyof typeof remoteScenarios, ErrorKind | 'answer'>> = {
  unauthorized: 'login-required',
  forbidden: 'permission-denied',
  'wrong base URL': 'misconfigured',
  'rate limited': 'rate-limited',
  'server error': 'upstream-unavailable',
  unavailable: 'upstream-unavailable',
  'reset before headers': 'upstream-unavailable',
  'silent before headers': 'timeout',
  'silent before the first byte': 'timeout',
  'silent in mid-stream': 'timeout',
  'reset at the first byte': 'upstream-unavailable',
  'reset in mid-stream': 'upstream-unavailable',
  'error envelope at once': 'upstream-unavailable',
  'error envelope in mid-stream': 'upstream-unavailable',
  'malformed envelope': 'upstream-protocol',
  'broken inner JSON': 'upstream-protocol',
  'wrong encoding': 'upstream-protocol',
  'missing end': 'upstream-protocol',
  'duplicate end': 'answer',
  'finish event only': 'answer',
  'done as a body': 'answer',
  'done bare': 'answer',
  'no usage': 'answer',
  'no envelope': 'answer',
  'huge chunk': 'answer',
  'text after the end': 'answer',
  'half-closed in mid-stream': 'upstream-unavailable',
  'ended in the middle of an event': 'upstream-protocol',
  'error chunk in mid-stream': 'upstream-unavailable',
  'endless line': 'upstream-protocol',
};

describe('each fault of upstream', () => {
  for (const [name, scenario] of Object.entries(remoteScenarios)) {
    const outcome = Object.entries(outcomes).find(([key]) => key === name)?.[1];
    test(`${name}: ${outcome}; the next request works`, async () => {
      simulator.setBrain(fixedBrain([{ text: words }]));
      simulator.setScenario('remote', scenario);
      const before = simulator.remote.requestsEver;
      const asked = ask({}, outcome === 'timeout' ? impatient : backend);
      if (outcome === 'answer') {
        const [part] = (await asked).content;
        assert.ok(part?.type === 'text' && part.text.includes('Wie geht es dir?'));
      } else {
        await assert.rejects(asked, (error) => error instanceof ProxyError && error.kind === outcome);
      }
      assert.equal(simulator.remote.requestsEver, before + 1);
      await simulator.until(() => simulator.remote.openRequests === 0, 'the request has ended');
      simulator.setScenario('remote', undefined);
      assert.deepEqual((await ask()).content, [{ type: 'text', text: words }]);
    });
  }

  test('a reset at any byte is an error or the whole answer, never a part of it', async () => {
    simulator.setBrain(fixedBrain([{ text: '你好 🌍' }], { usage: { inputTokens: 3, outputTokens: 2 } }));
    let answers = 0;
    for (let bytes = 1; bytes < 1_200; bytes += 37) {
      simulator.setScenario('remote', { resetAfterBytes: bytes });
      const outcome = await ask().catch((error: unknown) => error);
      if (outcome instanceof ProxyError) assert.equal(outcome.kind, 'upstream-unavailable');
      else {
        answers++;
        assert.ok(outcome !== null && typeof outcome === 'object' && 'content' in outcome);
        assert.deepEqual(outcome.content, [{ type: 'text', text: '你好 🌍' }]);
      }
    }
    assert.ok(answers < 20);
  });
});
