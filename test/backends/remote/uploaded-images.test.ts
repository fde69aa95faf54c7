import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRemoteBackend, type RemoteBackend } from '../../../src/backends/remote/backend.ts';
import { parseUploadedUrl } from '../../../src/backends/remote/uploaded-images.ts';
import { collect } from '../../../src/core/collect.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { Image, Message } from '../../../src/core/turn.ts';
import type { SimulatedRequest } from '../../../src/demo/brain.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator.ts';
import { contextWith, turnWith } from './fixtures.ts';

const picture: Image = {
  type: 'image',
  source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgo=' },
};

describe('an image given to the remote API', () => {
  let simulator: Simulator;
  let backend: RemoteBackend;
  let seen: SimulatedRequest | undefined;
  before(async () => {
    simulator = await startSimulator({
      brain: (request) => {
        seen = request;
        return { parts: [{ text: 'a picture' }] };
      },
    });
    const { key, encryptUserInfo, uid, machineId } = simulator.login;
    backend = createRemoteBackend({
      login: async () => ({ cosyKey: key, encryptUserInfo, userId: uid, machineId, source: 'test' }),
      baseUrl: async () => ({ url: simulator.remote.url, source: 'test' }),
    });
    await backend.listModels(new AbortController().signal);
  });
  after(async () => {
    await backend.dispose();
    await simulator.close();
  });

  test('is uploaded once and then named in the chat, beside the question', async () => {
    const url = await backend.uploadImage(picture, contextWith());
    const uploaded: Image = { type: 'image', source: { kind: 'uploaded', url } };
    const question: Message = { role: 'user', content: [{ type: 'text', text: 'What is it?' }, uploaded] };
    const result = await collect(backend.run(turnWith({ messages: [question] }), contextWith()));
    assert.deepEqual(result.content, [{ type: 'text', text: 'a picture' }]);
    assert.ok(seen?.backend === 'remote');
    assert.deepEqual(seen.imageUrls, [url]);
    assert.deepEqual(simulator.violations, []);
  });

  test('hangs on the last user message when a tool delivered it', async () => {
    const url = await backend.uploadImage(picture, contextWith());
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'Look at shot.png' }] },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'call_1', name: 'read', input: '{}' }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool-result',
            callId: 'call_1',
            content: [{ type: 'image', source: { kind: 'uploaded', url } }],
          },
        ],
      },
    ];
    const tools = [
      { kind: 'function', name: 'read', description: 'Reads.', inputSchema: { type: 'object' } },
    ] as const;
    await collect(backend.run(turnWith({ messages, tools }), contextWith()));
    assert.ok(seen?.backend === 'remote');
    assert.deepEqual(seen.imageUrls, [url]);
    assert.deepEqual(simulator.violations, []);
  });
});

test('an upload without an address is an error', () => {
  for (const reply of [
    '{"Data":{"Success":false}}',
    '{"Data":{"Success":true,"ImageUrl":"file:///x"}}',
    'no',
  ]) {
    assert.throws(
      () => parseUploadedUrl(reply),
      (error) => error instanceof ProxyError && error.kind === 'upstream-protocol',
    );
  }
});
