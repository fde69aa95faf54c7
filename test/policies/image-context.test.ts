import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Backend } from '../../src/core/backend.ts';
import { collect } from '../../src/core/collect.ts';
import { ProxyError } from '../../src/core/errors.ts';
import { noTrace } from '../../src/core/trace.ts';
import type { Image, Message, Tool, Turn } from '../../src/core/turn.ts';
import { imageContext } from '../../src/policies/image-context.ts';
import { loadedImages } from '../../src/policies/loaded-images.ts';

const context = { signal: new AbortController().signal, trace: noTrace };
const tool: Tool = { kind: 'function', name: 'read', description: '', inputSchema: { type: 'object' } };

function image(data: string): Image {
  return { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data } };
}

function turn(messages: Message[], tools: Tool[] = []): Turn {
  return {
    model: 'kmodel',
    system: [],
    messages,
    tools,
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'whole',
    metadata: {},
  };
}

/** A backend that answers with a fixed text and remembers what it was asked. */
function answering(text: string): Backend & { readonly asked: Turn[] } {
  const asked: Turn[] = [];
  return {
    asked,
    listModels: async () => [],
    async *run(turn) {
      asked.push(turn);
      yield { type: 'turn-start', model: turn.model, inputTokens: 1 };
      if (text !== '') yield { type: 'text-delta', text };
      yield {
        type: 'turn-end',
        reason: 'stop',
        usage: { source: 'estimate', inputTokens: 1, outputTokens: 1 },
      };
    },
    dispose: async () => {},
  };
}

const question: Message = {
  role: 'user',
  content: [{ type: 'text', text: 'What is wrong here?' }, image('AAAA')],
};

describe('image context', () => {
  function setUp(description = 'A red error box.') {
    const remote = answering('remote');
    const ipc = answering(description);
    let loads = 0;
    const policy = imageContext({
      imageBackend: ipc,
      load: async (picture) => {
        loads++;
        return picture;
      },
    });
    const backend = policy(remote);
    return { remote, ipc, run: (turn: Turn) => collect(backend.run(turn, context)), loads: () => loads };
  }

  test('a turn without images goes straight on, as it is', async () => {
    const { remote, ipc, run } = setUp();
    const plain = turn([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
    await run(plain);
    assert.deepEqual(remote.asked, [plain]);
    assert.equal(ipc.asked.length, 0);
  });

  test('images without tools: the runtime answers the whole turn', async () => {
    const { remote, ipc, run } = setUp();
    const asked = turn([question]);
    await run(asked);
    assert.deepEqual(ipc.asked, [asked]);
    assert.equal(remote.asked.length, 0);
  });

  test('images with tools: a description takes their place and the turn goes on remotely with its tools', async () => {
    const { remote, ipc, run } = setUp();
    await run(turn([question], [tool]));
    assert.equal(ipc.asked.length, 1);
    assert.deepEqual(ipc.asked[0]?.tools, []);
    const text = JSON.stringify(ipc.asked[0]?.messages);
    assert.ok(text.includes('What is wrong here?') && text.includes('AAAA'));
    const sent = remote.asked[0];
    assert.deepEqual(sent?.tools, [tool]);
    assert.deepEqual(sent?.messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is wrong here?' },
          { type: 'text', text: '[Image, described by a model that can see it:\nA red error box.]' },
        ],
      },
    ]);
  });

  test("an agent's next turns do not ask for the same image again, a new question does", async () => {
    const { ipc, run } = setUp();
    await run(turn([question], [tool]));
    await run(turn([question, { role: 'assistant', content: [{ type: 'text', text: 'x' }] }], [tool]));
    assert.equal(ipc.asked.length, 1);
    await run(
      turn([{ role: 'user', content: [{ type: 'text', text: 'Which colour?' }, image('AAAA')] }], [tool]),
    );
    assert.equal(ipc.asked.length, 2);
  });

  test('an image that a tool returned is described for what the person asked before', async () => {
    const { remote, ipc, run } = setUp();
    await run(
      turn(
        [
          { role: 'user', content: [{ type: 'text', text: 'Look at shot.png' }] },
          { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'read', input: '{}' }] },
          { role: 'user', content: [{ type: 'tool-result', callId: '1', content: [image('BBBB')] }] },
        ],
        [tool],
      ),
    );
    assert.ok(JSON.stringify(ipc.asked[0]?.messages).includes('Look at shot.png'));
    const result = remote.asked[0]?.messages[2]?.content[0];
    assert.ok(result?.type === 'tool-result');
    assert.match(JSON.stringify(result.content), /A red error box/);
  });

  test('a runtime that says nothing is an error, not an empty description', async () => {
    const { run } = setUp('');
    await assert.rejects(
      run(turn([question], [tool])),
      (error) => error instanceof ProxyError && error.kind === 'upstream-protocol',
    );
  });
});

describe('upload', () => {
  function setUp(upload: () => Promise<string>, worth = true) {
    const remote = answering('remote');
    const ipc = answering('described');
    const backend = imageContext({
      imageBackend: ipc,
      load: async (picture) => picture,
      upload: { isWorthTrying: () => worth, upload },
    })(remote);
    return { remote, ipc, run: (turn: Turn) => collect(backend.run(turn, context)) };
  }

  test('an image that upstream takes stays in the remote turn', async () => {
    const { remote, ipc, run } = setUp(async () => 'https://images/1.png');
    await run(turn([question], [tool]));
    assert.equal(ipc.asked.length, 0);
    assert.deepEqual(remote.asked[0]?.messages[0]?.content[1], {
      type: 'image',
      source: { kind: 'uploaded', url: 'https://images/1.png' },
    });
  });

  test('one that it does not take goes to the local runtime', async () => {
    const { remote, ipc, run } = setUp(async () => {
      throw new ProxyError('upstream-unavailable', 'no upload here');
    });
    await run(turn([question], [tool]));
    assert.equal(ipc.asked.length, 1);
    assert.match(JSON.stringify(remote.asked[0]?.messages), /described/);
  });

  test('nothing is uploaded for a model that does not read images', async () => {
    const { ipc, run } = setUp(async () => assert.fail('it was uploaded'), false);
    await run(turn([question], [tool]));
    assert.equal(ipc.asked.length, 1);
  });
});

describe('loaded images', () => {
  test('the last message with images counts; earlier ones become text', async () => {
    const inner = answering('ok');
    const load = async (): Promise<Image> => image('loaded');
    const first: Message = { role: 'user', content: [image('old')] };
    await collect(loadedImages(load)(inner).run(turn([first, question]), context));
    assert.deepEqual(inner.asked[0]?.messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: '[An image from earlier in the conversation; it is not shown again.]' },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'What is wrong here?' }, image('loaded')] },
    ]);
  });

  const refused = (message: RegExp) => (error: unknown) =>
    error instanceof ProxyError && error.kind === 'invalid-request' && message.test(error.message);

  test('of several images the broken one is named by its place', async () => {
    const load = async (asked: Image): Promise<Image> => {
      const { source } = asked;
      if (source.kind !== 'base64' || source.data !== 'broken') return asked;
      throw new ProxyError('invalid-request', 'The image cannot be used.');
    };
    const run = (...images: Image[]) =>
      collect(loadedImages(load)(answering('ok')).run(turn([{ role: 'user', content: images }]), context));
    await assert.rejects(
      run(image('whole'), image('broken'), image('whole')),
      refused(/^Image 2 of the 3 in the message: The image cannot be used\.$/),
    );
    await assert.rejects(run(image('broken')), refused(/^The image cannot be used\.$/));
  });

  test('more images than a message may hold are refused before any is loaded', async () => {
    const images = Array.from({ length: 101 }, () => image('x'));
    const events = loadedImages(async () => assert.fail('it was loaded'))(answering('ok'));
    await assert.rejects(
      collect(events.run(turn([{ role: 'user', content: images }]), context)),
      refused(/101 images, and at most 100/),
    );
  });
});
