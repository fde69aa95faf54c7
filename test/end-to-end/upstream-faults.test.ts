import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { IpcScenario, RemoteScenario } from '../../src/demo/scenarios.ts';
import { allEvents } from './event-stream.ts';
import { type RunningProxy, startProxy } from './running-proxy.ts';

const text = 'A sentence that is long enough for several chunks. 很长的一句话。'.repeat(4);

interface Api {
  readonly name: string;
  readonly path: string;
  readonly body: object;
  /** What only a complete answer has. */
  readonly end: RegExp;
  /** Whether an event, or a whole body, is this dialect's own error. */
  readonly isError: (value: Record<string, unknown>) => boolean;
}

const messages = [{ role: 'user', content: 'Hello' }];
const hasError = (value: Record<string, unknown>) => {
  const error = value['error'];
  return typeof error === 'object' && error !== null && 'message' in error && 'type' in error;
};
const apis: readonly Api[] = [
  {
    name: 'Chat Completions',
    path: '/v1/chat/completions',
    body: { model: 'kmodel', messages },
    end: /\[DONE\]|"finish_reason":"/,
    isError: hasError,
  },
  {
    name: 'Responses',
    path: '/v1/responses',
    body: { model: 'kmodel', input: 'Hello' },
    end: /response\.completed/,
    isError: (value) => hasError(value) || value['type'] === 'response.failed',
  },
  {
    name: 'Messages',
    path: '/v1/messages',
    body: { model: 'kmodel', max_tokens: 100, messages },
    end: /message_stop/,
    isError: (value) => value['type'] === 'error' && hasError(value),
  },
];

type Fault<Scenario> = readonly [what: string, scenario: Scenario, status: number];

/** Before any content: the client gets a status. */
const early: {
  readonly remote: readonly Fault<RemoteScenario>[];
  readonly ipc: readonly Fault<IpcScenario>[];
} = {
  remote: [
    ['a reset', { reset: true }, 503],
    ['a reset at the first byte', { resetAfterBytes: 1 }, 503],
    ['no answer at all', { stallBefore: 'headers' }, 504],
    ['no first byte', { stallBefore: 'first-byte' }, 504],
    ['an error envelope', { errorEnvelope: { afterChunks: 0, statusCodeValue: 503, message: 'no' } }, 503],
    ['a wrong base URL', { status: 404 }, 400],
  ],
  ipc: [
    ['a lost connection', { kill: true }, 503],
    ['no update at all', { stallAfterChunks: 0 }, 504],
    ['a refused session', { call: 'session/new', error: { code: -32_603, message: 'full' } }, 503],
    ['a refused model', { call: 'session/set_model', error: { code: -32_602, message: 'unknown' } }, 503],
  ],
};

/** After some content: a stream gets the dialect's error event, a whole answer still a status. */
const late: {
  readonly remote: readonly Fault<RemoteScenario>[];
  readonly ipc: readonly Fault<IpcScenario>[];
} = {
  remote: [
    ['a reset', { resetAfterBytes: 3_000 }, 503],
    ['silence', { stallAfterChunks: 4 }, 504],
    ['an error envelope', { errorEnvelope: { afterChunks: 4, statusCodeValue: 500, message: 'gone' } }, 503],
    ['an end without an end', { ending: 'none' }, 502],
    ['a torn envelope', { malformed: { afterChunks: 4, kind: 'envelope' } }, 502],
    ['a torn chunk', { malformed: { afterChunks: 4, kind: 'inner' } }, 502],
  ],
  ipc: [
    ['a lost connection', { killAfterChunks: 3 }, 503],
    ['a restarted runtime', { restartAfterChunks: 3 }, 503],
    ['silence', { stallAfterChunks: 3 }, 504],
    ['a failing finish', { chatFinish: { statusCode: 500 } }, 503],
    ['a failing reason', { chatFinish: { reason: 'error' } }, 503],
  ],
};

for (const backend of ['remote', 'ipc'] as const) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend, {
        settings: { remoteFallbackEnabled: false, prepareSessions: false, idleTimeoutSeconds: 0.3 },
      });
      proxy.simulator.setBrain(() => ({ parts: [{ text }] }));
      await proxy.openai.models.list();
    });
    after(() => proxy.close());

    function strike(scenario: RemoteScenario | IpcScenario): void {
      if (backend === 'remote') proxy.simulator.setScenario('remote', [scenario as RemoteScenario]);
      else proxy.simulator.setScenario('ipc', [scenario as IpcScenario]);
    }

    async function worksAgain({ path, body, end }: Api): Promise<void> {
      const answer = await proxy.post(path, { ...body, stream: true });
      assert.match(await answer.text(), end);
    }

    for (const api of apis) {
      for (const stream of [false, true]) {
        const how = `${api.name}, ${stream ? 'streamed' : 'whole'}`;
        for (const [what, scenario, status] of stream
          ? early[backend]
          : [...early[backend], ...late[backend]]) {
          test(`${how}: ${what} is a status of ${status} in the dialect's own words`, async () => {
            strike(scenario);
            const answer = await proxy.post(api.path, { ...api.body, stream });
            const body = (await answer.json()) as Record<string, unknown>;
            assert.equal(answer.status, status, JSON.stringify(body));
            assert.ok(api.isError(body), JSON.stringify(body));
            if (status === 503) assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
            assert.equal((await proxy.lastRecord()).state, 'failed');
            await worksAgain(api);
          });
        }
      }
      for (const [what, scenario] of late[backend]) {
        test(`${api.name}, streamed: ${what} in mid-answer is the dialect's error event, never a clean end`, async () => {
          strike(scenario);
          const answer = await proxy.post(api.path, { ...api.body, stream: true });
          assert.equal(answer.status, 200);
          const events = await allEvents(answer);
          const wire = events.map(({ data }) => data).join('\n');
          assert.ok(wire.includes('A sentence'), wire);
          assert.doesNotMatch(wire, api.end);
          assert.ok(api.isError(JSON.parse(events.at(-1)?.data ?? '{}')), wire);
          const record = await proxy.lastRecord();
          assert.deepEqual([record.state, record.statusCode], ['failed', 200]);
          await worksAgain(api);
        });
      }
    }
  });
}

describe('what is odd but does no harm', () => {
  const odd: readonly [what: string, scenario: RemoteScenario][] = [
    ['chunks without an envelope', { bareChunks: true }],
    ['an end that comes twice', { duplicateEnd: true }],
    ['an end by the finish event alone', { ending: 'finish-event', usage: 'input' }],
    ['an end by a bare [DONE]', { ending: 'done-bare' }],
    ['comments between the events', { comments: true }],
  ];
  let proxy: RunningProxy;
  before(async () => {
    proxy = await startProxy('remote');
    proxy.simulator.setBrain(() => ({ parts: [{ text }] }));
  });
  after(() => proxy.close());

  for (const [what, scenario] of odd) {
    test(`${what}: the whole text arrives`, async () => {
      proxy.simulator.setScenario('remote', [scenario]);
      assert.equal((await proxy.openai.responses.create({ model: 'kmodel', input: 'Hi' })).output_text, text);
    });
  }
});
