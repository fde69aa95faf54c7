import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import { collect } from '../../src/core/collect.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Protocol } from '../../src/core/protocol.ts';
import { eventBlocks } from '../../src/inspection/event-blocks.ts';
import type { Fixture } from '../../src/inspection/fixture.ts';
import { anthropicMessages } from '../../src/protocols/anthropic/protocol.ts';
import { openAiChat } from '../../src/protocols/openai-chat/protocol.ts';
import { createOpenAiResponses } from '../../src/protocols/openai-responses/protocol.ts';
import type { Tool } from './conversation.ts';
import { ways } from './official-clients.ts';
import { recordingBrain } from './recording-brain.ts';
import { backendNames, type RunningProxy, startProxy } from './running-proxy.ts';

const store = { conversation: () => undefined, item: () => undefined, save() {} };
const protocols: readonly Protocol[] = [anthropicMessages, openAiChat, createOpenAiResponses(store)];
const readFile: Tool = {
  name: 'read_file',
  description: 'Reads a file',
  parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

for (const backend of backendNames) {
  describe(`over ${backend}`, () => {
    let proxy: RunningProxy;
    before(async () => {
      proxy = await startProxy(backend);
    });
    after(() => proxy.close());

    for (const { name, ask, streams } of ways) {
      test(`${name}: nothing is broken, and the exported fixture gives the same answer again`, async () => {
        const { brain } = recordingBrain([
          { text: 'Let me look. 看' },
          { toolCall: { name: 'read_file', arguments: { path: '/a' } } },
        ]);
        proxy.simulator.setBrain(brain);
        await ask(proxy, { text: 'What is in the file?', tools: [readFile] });
        const { id } = await proxy.lastRecord();
        const { violations } = await proxy.inspect('request', { id });
        assert.deepEqual(
          violations.filter(({ severity }) => severity === 'error'),
          [],
        );
        const { text } = await proxy.inspect('export', { ids: [id], format: 'fixture' });
        const fixture = JSON.parse(text) as Fixture;
        assert.deepEqual([fixture.stream, fixture.omitted], [streams, 0]);
        assert.equal(shapeOf(await replayed(fixture)), shapeOf(fixture.response));
      });
    }

    test('a request is sent again as it was or edited, marked, through all that a client passes', async () => {
      const { brain, asked } = recordingBrain([{ text: 'Yes' }]);
      proxy.simulator.setBrain(brain);
      const body = { model: 'kmodel', max_tokens: 50, messages: [{ role: 'user', content: 'Is it?' }] };
      await (await proxy.post('/v1/messages', body)).text();
      const first = await proxy.lastRecord();
      const again = await proxy.inspect('replay', { id: first.id });
      const edited = JSON.stringify({ ...body, messages: [{ role: 'user', content: 'Was it?' }] });
      const changed = await proxy.inspect('replay', { id: first.id, body: edited });
      for (const [id, question] of [
        [again.id, 'Is it?'],
        [changed.id, 'Was it?'],
      ] as const) {
        const { summary, requestHeaders } = await proxy.inspect('request', { id });
        assert.deepEqual([summary.replayOf, summary.statusCode, summary.state], [first.id, 200, 'done']);
        assert.ok(!Object.keys(requestHeaders).some((header) => header.includes('replay')));
        const { messages } = await proxy.inspect('conversation', { id });
        assert.deepEqual(
          messages.map(({ content }) => content),
          [[{ type: 'text', text: question }], [{ type: 'text', text: 'Yes' }]],
        );
      }
      assert.equal(asked.length, 3);
    });

    test('a request whose image was not kept is sent again with a sentence in its place', async () => {
      const { brain } = recordingBrain([{ text: 'A square' }]);
      proxy.simulator.setBrain(brain);
      const create = { width: 40, height: 40, channels: 3, background: 'red' } as const;
      const data = (await sharp({ create }).png().toBuffer()).toString('base64');
      for (const { ask } of ways) {
        await ask(proxy, { text: 'What is it?', image: { mediaType: 'image/png', data } });
        const { id } = await proxy.lastRecord();
        const repeated = await proxy.inspect('replay', { id });
        const { summary } = await proxy.inspect('request', { id: repeated.id });
        assert.deepEqual([summary.replayOf, summary.state], [id, 'done']);
        const { messages } = await proxy.inspect('conversation', { id: repeated.id });
        assert.match(JSON.stringify(messages), /does not have any more/);
      }
    });

    test('a model is asked a question, and what it took is told', async () => {
      const { brain } = recordingBrain([{ text: 'Hello' }]);
      proxy.simulator.setBrain(brain);
      const { id, text, durationMs, firstTokenMs } = await proxy.inspect('testModel', {
        model: 'kmodel',
        prompt: 'Hi',
      });
      assert.equal(text, 'Hello');
      assert.ok(firstTokenMs !== undefined && firstTokenMs <= durationMs);
      assert.equal((await proxy.inspect('request', { id })).summary.client, 'Lingma Proxy');
    });
  });
}

test('records and their bodies are there after a restart, and a key of the proxy does not hinder a replay', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lingma-restart-'));
  try {
    const options = { recordsDirectory: directory, settings: { apiKey: 'key-of-this-proxy' } };
    const first = await startProxy('remote', options);
    const { id } = await first.inspect('testModel', { model: 'kmodel', prompt: '记得吗?' });
    await first.close();
    const second = await startProxy('remote', options);
    const { requests } = await second.inspect('list', {});
    assert.deepEqual(
      requests.map((request) => request.id),
      [id],
    );
    const { messages } = await second.inspect('conversation', { id });
    assert.deepEqual(messages[0]?.content, [{ type: 'text', text: '记得吗?' }]);
    const repeated = await second.inspect('replay', { id });
    assert.equal((await second.inspect('request', { id: repeated.id })).summary.statusCode, 200);
    await second.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

/** What this version makes of a recorded request and of what the backend answered to it. */
async function replayed({ api, request, events, stream }: Fixture): Promise<string> {
  const protocol = protocols.find(({ name }) => name === api);
  assert.ok(protocol, api);
  const decoded = protocol.decodeRequest(request);
  if (!stream) return JSON.stringify(protocol.encodeResult(await collect(inTurn(events)), decoded));
  const encoder = protocol.createStreamEncoder(decoded);
  const shown = events.filter(
    ({ type }) => type !== 'reasoning-delta' || decoded.turn.reasoning !== undefined,
  );
  return shown.map((event) => encoder.encode(event)).join('');
}

async function* inTurn(events: readonly TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* events;
}

/** An answer without what differs each time: ids and times. Comments are no part of it. */
function shapeOf(answer: string): string {
  const text = /^(?:event|data|:)/.test(answer)
    ? Array.from(eventBlocks(answer), ({ name, data }) =>
        data === undefined ? '' : `${name ?? ''} ${data}\n`,
      ).join('')
    : answer;
  return text
    .replaceAll(/(?:chatcmpl-|msg_|resp_|fc_|rs_)[0-9a-f]{20,}/g, 'id')
    .replaceAll(/"(created|created_at|completed_at)":\d+/g, '"$1":0');
}
