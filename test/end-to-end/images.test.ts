import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { Tool } from './conversation.ts';
import { ways } from './official-clients.ts';
import { readable, recordingBrain } from './recording-brain.ts';
import { type RunningProxy, startProxy } from './running-proxy.ts';

const look: Tool = {
  name: 'zoom',
  description: 'Zooms in',
  parameters: { type: 'object', properties: { factor: { type: 'number' } }, required: ['factor'] },
};

/** A real picture, as its base64. */
async function picture(width: number, height: number, colour: string) {
  const png = await sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
  return { mediaType: 'image/png', data: png.toString('base64') };
}

describe('over ipc', () => {
  let proxy: RunningProxy;
  before(async () => {
    proxy = await startProxy('ipc', { simulator: { ipc: { flavour: 'qoder' } } });
  });
  after(() => proxy.close());

  for (const { name, ask } of ways) {
    test(`${name}: the runtime gets the picture, and the answer is about it`, async () => {
      const { brain, asked } = recordingBrain([{ text: 'A red square' }]);
      proxy.simulator.setBrain(brain);
      const image = await picture(12, 8, 'red');
      const answer = await ask(proxy, { text: 'What is this?', image });
      assert.equal(answer.text, 'A red square');
      const request = asked[0];
      assert.ok(request?.backend === 'ipc');
      assert.equal(request.images.length, 1);
      const { width, height } = await sharp(request.images[0]?.bytes).metadata();
      assert.deepEqual([width, height], [12, 8]);
    });
  }

  test('a picture larger than any model reads is scaled down', async () => {
    const { brain, asked } = recordingBrain([{ text: 'Large' }]);
    proxy.simulator.setBrain(brain);
    const image = await picture(3_000, 1_500, 'blue');
    await ways[0]?.ask(proxy, { text: 'What is this?', image });
    const request = asked[0];
    assert.ok(request?.backend === 'ipc');
    const { width, height, format } = await sharp(request.images[0]?.bytes).metadata();
    assert.deepEqual([width, height, format], [1_568, 784, 'jpeg']);
  });

  for (const { name, ask } of ways) {
    test(`${name}: what is no picture is refused before anybody is asked`, async () => {
      const { promptsEver } = proxy.simulator.ipc;
      const image = { mediaType: 'image/png', data: Buffer.from('no picture at all').toString('base64') };
      await assert.rejects(ask(proxy, { text: 'What is this?', image }), { status: 400 });
      assert.equal(proxy.simulator.ipc.promptsEver, promptsEver);
    });
  }
});

describe('over remote', () => {
  let proxy: RunningProxy;
  before(async () => {
    proxy = await startProxy('remote');
  });
  after(() => proxy.close());

  for (const { name, ask, converse } of ways) {
    test(`${name}: a question about a picture is answered by the local runtime`, async () => {
      const { brain, asked } = recordingBrain([{ text: 'A red square' }]);
      proxy.simulator.setBrain(brain);
      const { chatsEver } = proxy.simulator.remote;
      const answer = await ask(proxy, { text: 'What is this?', image: await picture(9, 9, 'red') });
      assert.equal(answer.text, 'A red square');
      assert.deepEqual(
        asked.map(({ backend }) => backend),
        ['ipc'],
      );
      assert.equal(proxy.simulator.remote.chatsEver, chatsEver);
    });

    test(`${name}: with tools, the runtime describes the picture once and the remote model does the work`, async () => {
      const { brain, asked } = recordingBrain(
        [{ text: '一个绿色的方块, 11 wide' }],
        [{ toolCall: { name: 'zoom', arguments: { factor: 2 } } }],
        [{ text: 'Still green' }],
      );
      proxy.simulator.setBrain(brain);
      const colour = `#00${(60 + ways.findIndex((way) => way.name === name)).toString(16)}00`;
      const conversation = converse(proxy, {
        text: 'What is this?',
        tools: [look],
        image: await picture(11, 11, colour),
      });
      const { calls } = await conversation.answer();
      assert.deepEqual(
        calls.map(({ input }) => input),
        [{ factor: 2 }],
      );
      conversation.addResults([{ id: calls[0]?.id ?? '', output: 'zoomed' }]);
      assert.equal((await conversation.answer()).text, 'Still green');
      assert.deepEqual(
        asked.map(({ backend }) => backend),
        ['ipc', 'remote', 'remote'],
      );
      for (const request of asked.slice(1)) assert.ok(readable(request).includes('一个绿色的方块, 11 wide'));
    });
  }

  test('without a running runtime the refusal says to open one, and the next picture works again', async () => {
    const image = await picture(5, 5, 'yellow');
    await proxy.simulator.ipc.stop();
    await assert.rejects(
      proxy.openai.chat.completions.create({
        model: 'kmodel',
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${image.data}` } }],
          },
        ],
      }),
      { status: 503, message: /Open Lingma or QoderCN/ },
    );
    await proxy.simulator.ipc.start();
    proxy.simulator.setBrain(recordingBrain([{ text: 'Yellow' }]).brain);
    assert.equal((await ways[0]?.ask(proxy, { text: 'What is this?', image }))?.text, 'Yellow');
  });
});
