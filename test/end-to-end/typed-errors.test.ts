import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { IpcScenario, RemoteScenario } from '../../src/demo/scenarios.ts';
import { ways } from './official-clients.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

// What upstream refuses reaches the clients as the very classes that their programs catch.

interface Refusal {
  readonly what: string;
  readonly remote: RemoteScenario;
  readonly ipc: IpcScenario;
  readonly openai: new (...given: never[]) => Error;
  readonly anthropic: new (...given: never[]) => Error;
  readonly status: number;
  readonly retryAfter?: string;
}

const refusals: readonly Refusal[] = [
  {
    what: 'a login that upstream does not accept',
    remote: { status: 401 },
    ipc: { chatFinish: { statusCode: 401 } },
    openai: OpenAI.AuthenticationError,
    anthropic: Anthropic.AuthenticationError,
    status: 401,
  },
  {
    what: 'a model that the account may not use',
    remote: { status: 403 },
    ipc: { chatFinish: { statusCode: 403 } },
    openai: OpenAI.PermissionDeniedError,
    anthropic: Anthropic.PermissionDeniedError,
    status: 403,
  },
  {
    what: 'a limit that upstream sets',
    remote: { status: 429, retryAfterSeconds: 7 },
    ipc: { chatFinish: { statusCode: 429 } },
    openai: OpenAI.RateLimitError,
    anthropic: Anthropic.RateLimitError,
    status: 429,
    retryAfter: '7',
  },
  {
    what: 'a request that upstream finds malformed',
    remote: { status: 400, body: '{"error":{"message":"bad"}}' },
    ipc: { chatFinish: { statusCode: 400 } },
    openai: OpenAI.BadRequestError,
    anthropic: Anthropic.BadRequestError,
    status: 400,
  },
  {
    what: 'an upstream that fails',
    remote: { status: 500 },
    ipc: { chatFinish: { reason: 'error' } },
    openai: OpenAI.InternalServerError,
    anthropic: Anthropic.InternalServerError,
    status: 503,
    retryAfter: '2',
  },
  {
    what: 'an upstream that breaks the connection',
    remote: { reset: true },
    ipc: { kill: true },
    openai: OpenAI.InternalServerError,
    anthropic: Anthropic.InternalServerError,
    status: 503,
  },
  {
    what: 'an error envelope before any content',
    remote: { errorEnvelope: { afterChunks: 0, statusCodeValue: 429, message: 'slow down' } },
    ipc: { error: { code: -32_603, message: 'no' } },
    openai: OpenAI.APIError,
    anthropic: Anthropic.APIError,
    status: 429,
  },
];

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      // A prepared session may be tried twice; without them each fault counts once.
      proxy = await startProxy(backend, {
        settings: { remoteFallbackEnabled: false, prepareSessions: false },
      });
      await proxy.openai.models.list();
    });
    after(() => proxy.close());

    for (const { name, ask, client } of ways) {
      for (const { what, remote, ipc, openai, anthropic, ...expected } of refusals) {
        test(`${name}: ${what} is the client's own error, and the next request works`, async () => {
          if (backend === 'remote') proxy.simulator.setScenario('remote', [remote]);
          else proxy.simulator.setScenario('ipc', [ipc]);
          proxy.simulator.setBrain(() => ({
            parts: backend === 'ipc' && ipc.chatFinish ? [] : [{ text: 'x' }],
          }));
          const isMessages = client.name === 'Messages';
          const error = await ask(proxy, { text: 'Hello' }).then(
            () => assert.fail('it was answered'),
            (thrown: unknown) => thrown,
          );
          assert.ok(error instanceof (isMessages ? anthropic : openai), String(error));
          assert.ok(error instanceof OpenAI.APIError || error instanceof Anthropic.APIError);
          const status = backend === 'ipc' && what.startsWith('an error envelope') ? 503 : expected.status;
          assert.equal(error.status, status, String(error));
          const retryAfter = error.headers?.get('retry-after') ?? undefined;
          if (backend === 'remote' && expected.retryAfter) assert.equal(retryAfter, expected.retryAfter);
          if (status === 429 || status === 503) assert.match(retryAfter ?? '', /^[1-9]\d*$/);
          const record = await proxy.lastRecord();
          assert.deepEqual([record.state, record.statusCode], ['failed', status]);

          proxy.simulator.setBrain(() => ({ parts: [{ text: 'Well again' }] }));
          assert.equal((await ask(proxy, { text: 'Hello?' })).text, 'Well again');
        });
      }
    }

    test('what would change the meaning of a request is refused, with the field at fault', async () => {
      const messages = [{ role: 'user' as const, content: 'Hi' }];
      await assert.rejects(
        proxy.openai.chat.completions.create({ model: 'kmodel', messages, n: 2 }),
        (error) => error instanceof OpenAI.BadRequestError && error.param === 'n',
      );
      await assert.rejects(
        proxy.openai.chat.completions.create({ model: 'kmodel', messages, logprobs: true }),
        (error) => error instanceof OpenAI.BadRequestError && error.param === 'logprobs',
      );
      await assert.rejects(
        proxy.anthropic.messages.create({ model: 'kmodel', max_tokens: 10, messages: [] }),
        Anthropic.BadRequestError,
      );
    });
  });
}

describe('with an API key', () => {
  let proxy: RunningProxy;
  before(async () => {
    proxy = await startProxy('remote', { settings: { apiKey: 'the-key-of-this-proxy' } });
  });
  after(() => proxy.close());

  test('who has it is answered, in either header; who has not gets the class for that', async () => {
    const apiKey = 'the-key-of-this-proxy';
    const openai = proxy.openai.withOptions({ apiKey });
    const anthropic = proxy.anthropic.withOptions({ apiKey });
    const bearer = proxy.anthropic.withOptions({ apiKey: null, authToken: apiKey });
    for (const client of [anthropic, bearer]) {
      assert.ok((await client.models.list()).data.length > 0);
    }
    assert.ok((await openai.models.list()).data.length > 0);
    await assert.rejects(proxy.openai.models.list(), OpenAI.AuthenticationError);
    await assert.rejects(proxy.anthropic.models.list(), Anthropic.AuthenticationError);
  });
});
