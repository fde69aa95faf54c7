import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReceivedBody } from '../../../src/backends/remote/response-body.ts';

/** A body, and what it did to its connection. */
function receiving() {
  const done: string[] = [];
  const body = new ReceivedBody();
  body.begin({
    aborted: false,
    reason: null,
    paused: false,
    abort: () => done.push('abort'),
    pause() {
      done.push('pause');
      Object.assign(this, { paused: true });
    },
    resume() {
      done.push('resume');
      Object.assign(this, { paused: false });
    },
  });
  return { body, done };
}

const bytes = (length: number) => new Uint8Array(length);

describe('a received body', () => {
  test('gives what has come together at once', async () => {
    const { body } = receiving();
    const read = body.read();
    body.add(bytes(1));
    body.add(bytes(2));
    assert.deepEqual(await read, [bytes(1), bytes(2)]);
  });

  test('gives what came before its end, then the end', async () => {
    const { body } = receiving();
    body.add(bytes(1));
    body.end();
    assert.deepEqual(await body.read(), [bytes(1)]);
    assert.equal(await body.read(), undefined);
  });

  test('gives what came before a failure, then the failure', async () => {
    const { body } = receiving();
    body.add(bytes(1));
    body.fail(new Error('reset'));
    assert.deepEqual(await body.read(), [bytes(1)]);
    await assert.rejects(body.read(), /reset/);
  });

  test('makes upstream wait for a slow reader, and lets it go on', async () => {
    const { body, done } = receiving();
    body.add(bytes(65_535));
    assert.deepEqual(done, []);
    body.add(bytes(1));
    assert.deepEqual(done, ['pause']);
    await body.read();
    assert.deepEqual(done, ['pause', 'resume']);
  });

  test('once released lets the answer end by itself', async () => {
    const { body, done } = receiving();
    body.release();
    body.add(bytes(60_000));
    body.end();
    assert.deepEqual(done, []);
    assert.equal(await body.read(), undefined);
  });

  test('once released closes the connection of an answer that goes on', () => {
    const { body, done } = receiving();
    body.release();
    body.add(bytes(60_000));
    body.add(bytes(60_000));
    assert.deepEqual(done, ['abort']);
  });

  test('closes the connection once, and ends for who waits', async () => {
    const { body, done } = receiving();
    const read = body.read();
    body.destroy();
    body.destroy();
    body.add(bytes(1));
    assert.equal(await read, undefined);
    assert.deepEqual(done, ['abort']);
  });

  test('fails for who waits when it is aborted', async () => {
    const { body } = receiving();
    const read = body.read();
    body.abort(new Error('given up'));
    await assert.rejects(read, /given up/);
  });

  test('of a request that was given up before it went out is refused', () => {
    const body = new ReceivedBody();
    body.destroy();
    const done: string[] = [];
    body.begin({
      aborted: false,
      reason: null,
      paused: false,
      abort: () => done.push('abort'),
      pause() {},
      resume() {},
    });
    assert.deepEqual(done, ['abort']);
  });
});
