import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { GatheredWrites } from '../../../src/backends/ipc/gathered-writes.ts';

test('what is written in one turn of the event loop goes out together, and waits for nothing else', async () => {
  const calls: string[] = [];
  const socket = new Writable({
    writev(chunks, done) {
      calls.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  const writes = new GatheredWrites(socket);
  const send = (text: string) => {
    writes.begin();
    socket.write(text);
  };
  send('one ');
  await Promise.resolve().then(() => send('two '));
  assert.deepEqual(calls, []);
  await setImmediate();
  send('three');
  await setImmediate();
  assert.deepEqual(calls, ['one two ', 'three']);
});
