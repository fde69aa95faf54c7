import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { connectWebSocket } from '../../../src/backends/ipc/websocket-transport.ts';

/** The bytes of the first frame that a runtime at this address is sent. */
async function firstFrame(host: string): Promise<Buffer> {
  const server = new WebSocketServer({ host, port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { signal } = new AbortController();
  const connected = once(server, 'connection');
  const transport = await connectWebSocket(`ws://${host}:${port}`, { signal, maxFrameBytes: 1_000 });
  const [, request] = await connected;
  const received = once(request.socket, 'data');
  await transport.send(Buffer.from('Hello'));
  const [bytes] = await received;
  transport.close();
  for (const client of server.clients) client.terminate();
  server.close();
  return bytes;
}

test('what goes to a runtime on this computer is masked with zeros, which changes nothing', async () => {
  const frame = await firstFrame('127.0.0.1');
  assert.deepEqual([...frame.subarray(0, 6)], [0x81, 0x80 | 5, 0, 0, 0, 0]);
  assert.equal(frame.toString('utf8', 6), 'Hello');
});

// Where the system has more than one address of its own, any but the first stands for another computer's.
test('what goes anywhere else is masked at random', { skip: process.platform !== 'linux' }, async () => {
  const masks = [await firstFrame('127.0.0.2'), await firstFrame('127.0.0.2')].map((frame) =>
    frame.subarray(2, 6).toString('hex'),
  );
  assert.notEqual(masks[0], '00000000');
  assert.notEqual(masks[0], masks[1]);
});
