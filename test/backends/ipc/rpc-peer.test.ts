import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameDecoder } from '../../../src/backends/ipc/frame-decoder.ts';
import { ConnectionLost, RpcError } from '../../../src/backends/ipc/rpc-errors.ts';
import { RpcPeer } from '../../../src/backends/ipc/rpc-peer.ts';
import type { Transport, TransportListener } from '../../../src/backends/ipc/transport.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import { frameOf } from './frame-of.ts';

/** The other end of a peer, played by the test. */
class FakeTransport implements Transport {
  readonly sent: { id?: number | string; method?: string; params?: unknown; result?: unknown }[] = [];
  closed = false;
  listener: TransportListener | undefined;
  #onSent: (() => void) | undefined;
  readonly #decoder = new FrameDecoder(100_000, (body) => this.sent.push(JSON.parse(body)));

  async send(frame: Buffer): Promise<void> {
    if (this.closed) throw new Error('closed');
    this.#decoder.push(frame);
    this.#onSent?.();
  }

  listen(listener: TransportListener): void {
    this.listener = listener;
  }

  close(): void {
    this.closed = true;
  }

  say(message: object | string): void {
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    this.listener?.data(frameOf(body));
  }

  async untilSent(count: number): Promise<void> {
    while (this.sent.length < count) {
      await new Promise<void>((resolve) => {
        this.#onSent = resolve;
      });
    }
  }
}

function connect() {
  const transport = new FakeTransport();
  const notifications: [string, unknown, string][] = [];
  const taken: string[] = [];
  const oddities: string[] = [];
  const closes: ProxyError[] = [];
  const peer = new RpcPeer(
    transport,
    {
      take: (text) => {
        const isKnown = text.includes('known');
        if (isKnown) taken.push(text);
        return isKnown;
      },
      notification: (...notification) => notifications.push(notification),
      oddity: (text) => oddities.push(text),
      closed: (reason) => closes.push(reason),
    },
    1000,
  );
  return { transport, taken, notifications, oddities, closes, peer };
}

describe('a JSON-RPC peer', () => {
  it('tells of an answer before the notifications that come after it, in one read with it', async () => {
    const { transport, notifications, peer } = connect();
    const heardBefore: number[] = [];
    const answer = peer.request(
      'session/prompt',
      {},
      { onAnswered: () => heardBefore.push(notifications.length) },
    );
    await transport.untilSent(1);
    const update = { jsonrpc: '2.0', method: 'session/update', params: {} };
    const result = { jsonrpc: '2.0', id: transport.sent[0]?.id, result: {} };
    const frames = [update, result, update].map((message) => frameOf(JSON.stringify(message)));
    transport.listener?.data(Buffer.concat(frames));
    await answer;
    assert.deepEqual(heardBefore, [1]);
    assert.equal(notifications.length, 2);
  });

  it('sends a request and gives its result', async () => {
    const { transport, peer } = connect();
    let written = '';
    const answer = peer.request('session/new', { cwd: '/' }, { onWritten: (text) => (written = text) });
    const [request] = transport.sent;
    assert.deepEqual(request, {
      jsonrpc: '2.0',
      id: request?.id,
      method: 'session/new',
      params: { cwd: '/' },
    });
    assert.deepEqual(JSON.parse(written), request);
    transport.say({ jsonrpc: '2.0', id: request?.id, result: { sessionId: 's' } });
    assert.deepEqual(await answer, { sessionId: 's' });
  });

  it('takes a missing result for null', async () => {
    const { transport, peer } = connect();
    const answer = peer.request('x', {});
    transport.say({ jsonrpc: '2.0', id: transport.sent[0]?.id });
    assert.equal(await answer, null);
  });

  it('tells a JSON-RPC error apart from a lost connection', async () => {
    const { transport, peer } = connect();
    const refused = peer.request('a', {});
    const lost = peer.request('b', {});
    const expectation = Promise.all([
      assert.rejects(
        refused,
        (error) => error instanceof RpcError && error.code === -32601 && error.isUnknownMethod,
      ),
      assert.rejects(lost, ConnectionLost),
    ]);
    transport.say({ jsonrpc: '2.0', id: transport.sent[0]?.id, error: { code: -32601, message: 'no' } });
    await assert.rejects(refused);
    transport.listener?.closed('gone');
    await expectation;
    await assert.rejects(peer.request('c', {}), ConnectionLost);
  });

  it('does not parse a message that the listener takes as it is', () => {
    const { transport, taken, notifications, closes } = connect();
    transport.say('known, and not even JSON');
    assert.deepEqual(
      { taken, notifications, closes },
      { taken: ['known, and not even JSON'], notifications: [], closes: [] },
    );
  });

  it('hands notifications on at once, with the text on the wire', () => {
    const { transport, notifications } = connect();
    const text = '{"jsonrpc":"2.0","method":"session/update","params":{"a":1}}';
    transport.say(text);
    assert.deepEqual(notifications, [['session/update', { a: 1 }, text]]);
  });

  it("answers the runtime's own requests with null, whatever the type of their id", async () => {
    const { transport, oddities } = connect();
    transport.say({ jsonrpc: '2.0', id: 'x1', method: 'session/request_permission', params: {} });
    transport.say({ jsonrpc: '2.0', id: 0, method: 'fs/read', params: [1] });
    await transport.untilSent(2);
    assert.deepEqual(transport.sent, [
      { jsonrpc: '2.0', id: 'x1', result: null },
      { jsonrpc: '2.0', id: 0, result: null },
    ]);
    assert.ok(oddities.some((text) => text.includes('session/request_permission')));
  });

  it('gives a request up when its signal is aborted, and ignores the late answer', async () => {
    const { transport, peer, oddities } = connect();
    const controller = new AbortController();
    const answer = peer.request('x', {}, { signal: controller.signal });
    controller.abort(new ProxyError('timeout', 'too slow'));
    await assert.rejects(answer, { message: 'too slow' });
    transport.say({ jsonrpc: '2.0', id: transport.sent[0]?.id, result: 5 });
    const next = peer.request('y', {});
    transport.say({ jsonrpc: '2.0', id: transport.sent[1]?.id, result: 6 });
    assert.equal(await next, 6);
    assert.deepEqual(oddities, []);
  });

  it('survives a JSON value that is no message', async () => {
    const { transport, oddities, closes } = connect();
    transport.say('[1, 2]');
    transport.say('{"jsonrpc":"2.0","id":null,"result":1}');
    transport.say('{"jsonrpc":"2.0","id":777,"result":1}');
    assert.equal(oddities.length, 1);
    assert.deepEqual(closes, []);
  });

  for (const [what, bytes] of [
    ['JSON that is none', frameOf('{"jsonrpc": oh')],
    ['a frame larger than allowed', 'Content-Length: 2147483648\r\n\r\n'],
    ['bytes that are no frame', 'nonsense\r\n\r\n'],
  ] as const) {
    it(`closes the connection on ${what}`, () => {
      const { transport, closes } = connect();
      transport.listener?.data(Buffer.from(bytes));
      assert.equal(closes.length, 1);
      assert.equal(closes[0]?.kind, 'upstream-protocol');
      assert.ok(transport.closed);
    });
  }

  it('rejects what is in flight when it is closed, and reports no loss', async () => {
    const { transport, peer, closes } = connect();
    const answer = peer.request('x', {});
    peer.close();
    peer.notify('session/cancel', {});
    await assert.rejects(answer, ConnectionLost);
    assert.deepEqual(closes, []);
    assert.ok(transport.closed);
  });
});
