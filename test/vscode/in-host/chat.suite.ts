import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import {
  CancellationTokenSource,
  commands,
  extensions,
  type LanguageModelChat,
  LanguageModelChatMessage,
  type LanguageModelChatRequestOptions,
  LanguageModelChatToolMode,
  LanguageModelDataPart,
  LanguageModelError,
  LanguageModelTextPart,
  LanguageModelThinkingPart,
  LanguageModelToolCallPart,
  LanguageModelToolResultPart,
  lm,
  workspace,
} from 'vscode';
import { z } from 'zod';

const records = z.object({
  requests: z.array(
    z.looseObject({
      api: z.string(),
      client: z.string(),
      state: z.string(),
      stream: z.boolean(),
      request: z.string(),
      response: z.string(),
    }),
  ),
});
const settings = () => workspace.getConfiguration('lingmaProxy');

/** A picture of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

const weatherTool = {
  name: 'get_weather',
  description: 'Tells the weather in a city.',
  inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

/** Waits for what nothing announces. */
async function until(predicate: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await predicate())) {
    if (performance.now() > deadline) throw new Error(`waited 20 s in vain until ${what}`);
    await delay(10);
  }
}

function models(): Thenable<LanguageModelChat[]> {
  return lm.selectChatModels({ vendor: 'lingma' });
}

async function kimi(): Promise<LanguageModelChat> {
  const [model] = await lm.selectChatModels({ vendor: 'lingma', id: 'kmodel' });
  assert.ok(model);
  return model;
}

/** The parts of a whole answer. */
async function answerTo(
  messages: LanguageModelChatMessage[],
  options: LanguageModelChatRequestOptions = {},
): Promise<unknown[]> {
  const response = await (await kimi()).sendRequest(messages, options);
  const parts: unknown[] = [];
  for await (const part of response.stream) parts.push(part);
  return parts;
}

function textOf(parts: readonly unknown[]): string {
  return parts.map((part) => (part instanceof LanguageModelTextPart ? part.value : '')).join('');
}

suite('Lingma’s models in VS Code’s own chat', () => {
  let port: number;

  suiteSetup(async () => {
    await extensions.getExtension('lingma-proxy.lingma-proxy')?.activate();
    port = await freePort();
    await settings().update('port', port, true);
  });
  suiteTeardown(async () => {
    await commands.executeCommand('lingmaProxy.stop');
    await settings().update('port', undefined, true);
  });

  async function newestRecord() {
    const answer = await fetch(`http://127.0.0.1:${port}/debug/requests?limit=1`);
    const [record] = records.parse(await answer.json()).requests;
    assert.ok(record);
    return record;
  }

  test('there are none while the proxy is off', async () => {
    assert.deepEqual(await models(), []);
  });

  test('a start makes them known, with what they can do', async () => {
    const changed = new Promise<void>((resolve) => {
      const subscription = lm.onDidChangeChatModels(() => {
        subscription.dispose();
        resolve();
      });
    });
    void commands.executeCommand('lingmaProxy.start');
    await until(async () => (await models()).length > 0, 'the models are listed');
    await changed;
    const { id, name, vendor, family, maxInputTokens } = await kimi();
    assert.deepEqual(
      { id, name, vendor, family, maxInputTokens },
      { id: 'kmodel', name: 'Kimi-K2.6', vendor: 'lingma', family: 'kmodel', maxInputTokens: 256_000 },
    );
  });

  test('a refusal of upstream is told as one, in its words', async () => {
    await assert.rejects(answerTo([LanguageModelChatMessage.User('Hello')]), (error: unknown) => {
      assert.ok(error instanceof LanguageModelError, String(error));
      assert.equal(error.code, LanguageModelError.NoPermissions.name);
      assert.match(error.message, /\w+ \w+/);
      return true;
    });
    assert.equal((await newestRecord()).state, 'failed');
  });

  test('text comes piece by piece, and the request is on the record', async () => {
    const parts = await answerTo([
      LanguageModelChatMessage.User('Be short.'),
      LanguageModelChatMessage.Assistant('I am.'),
      LanguageModelChatMessage.User('Hello'),
    ]);
    assert.equal(textOf(parts), 'Good day to you. 你好！👋');
    assert.ok(parts.length > 1);
    const { api, client, state, stream, request, response } = await newestRecord();
    assert.deepEqual(
      { api, client, state, stream },
      { api: 'vscode-chat', client: 'VS Code', state: 'done', stream: true },
    );
    assert.match(request, /"text":"Be short\."/);
    assert.match(response, /"type":"turn-end"/);
  });

  test('a tool is called, and its result is answered', async () => {
    const question = LanguageModelChatMessage.User('How is the weather in Hangzhou?');
    const parts = await answerTo([question], {
      tools: [weatherTool],
      toolMode: LanguageModelChatToolMode.Auto,
    });
    const call = parts.find((part) => part instanceof LanguageModelToolCallPart);
    assert.ok(call instanceof LanguageModelToolCallPart);
    assert.equal(call.name, 'get_weather');
    assert.deepEqual(call.input, { city: 'Hangzhou' });
    const answer = await answerTo(
      [
        question,
        LanguageModelChatMessage.Assistant([call]),
        LanguageModelChatMessage.User([
          new LanguageModelToolResultPart(call.callId, [new LanguageModelTextPart('Rain, 21 °C')]),
        ]),
      ],
      { tools: [weatherTool] },
    );
    assert.equal(textOf(answer), 'They say: Rain, 21 °C');
  });

  test('a tool that is required is called', async () => {
    const parts = await answerTo([LanguageModelChatMessage.User('Call it')], {
      tools: [weatherTool],
      toolMode: LanguageModelChatToolMode.Required,
    });
    assert.ok(parts.some((part) => part instanceof LanguageModelToolCallPart));
    assert.match((await newestRecord()).request, /"toolChoice":\{"type":"required"\}/);
  });

  test('a picture is seen', async () => {
    assert.ok(LanguageModelDataPart);
    const message = LanguageModelChatMessage.User('What is in the picture?');
    Reflect.set(message, 'content', [
      new LanguageModelTextPart('What is in the picture?'),
      new LanguageModelDataPart(png, 'image/png'),
    ]);
    assert.equal(textOf(await answerTo([message])), `image/png, ${png.length} bytes`);
  });

  test('thoughts are told apart from the answer', async () => {
    const model = (await models()).find(({ name }) => name === 'Qwen3-Thinking');
    assert.ok(model && LanguageModelThinkingPart);
    const parts: unknown[] = [];
    for await (const part of (await model.sendRequest([LanguageModelChatMessage.User('Hello')])).stream) {
      parts.push(part);
    }
    const thoughts = parts.filter(
      (part) => LanguageModelThinkingPart && part instanceof LanguageModelThinkingPart,
    );
    assert.equal(thoughts.map((part) => Reflect.get(Object(part), 'value')).join(''), 'Let me see.');
    assert.equal(textOf(parts), 'Good day to you. 你好！👋');
  });

  test('a cancelled request ends the turn', async () => {
    const source = new CancellationTokenSource();
    const message = LanguageModelChatMessage.User('Count slowly');
    const response = await (await kimi()).sendRequest([message], {}, source.token);
    try {
      for await (const part of response.stream) {
        if (part instanceof LanguageModelTextPart) source.cancel();
      }
    } catch {
      // Some hosts end the stream with an error, others just end it.
    }
    await until(async () => (await newestRecord()).state === 'cancelled', 'the record says so');
  });

  test('a message’s tokens are counted without asking upstream', async () => {
    const model = await kimi();
    assert.equal(await model.countTokens('12345678'), 2);
    assert.ok((await model.countTokens(LanguageModelChatMessage.User('12345678'))) >= 2);
    assert.ok((await model.countTokens(LanguageModelChatMessage.User('你好吗朋友'))) >= 5);
  });

  test('a stop takes them away', async () => {
    await commands.executeCommand('lingmaProxy.stop');
    await until(async () => (await models()).length === 0, 'the list is empty');
  });
});
