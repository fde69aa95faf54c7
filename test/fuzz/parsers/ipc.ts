import assert from 'node:assert/strict';
import { FrameDecoder } from '../../../src/backends/ipc/frame-decoder.ts';
import { readModels } from '../../../src/backends/ipc/models.ts';
import { RpcPeer } from '../../../src/backends/ipc/rpc-peer.ts';
import type { Transport, TransportListener } from '../../../src/backends/ipc/transport.ts';
import { TurnStream } from '../../../src/backends/ipc/turn-stream.ts';
import { readUpdate } from '../../../src/backends/ipc/updates.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { tryParseJson } from '../../../src/core/json.ts';
import { noTrace } from '../../../src/core/trace.ts';
import { frameOf } from '../../backends/ipc/frame-of.ts';
import { deliveries, type FuzzedParser } from '../fuzzed-parser.ts';
import { assertEncodable, assertInOrder, joined } from './turn-events.ts';

const mostFrameBytes = 4_096;

interface Frames {
  readonly bodies: readonly string[];
  readonly error: string | undefined;
}

function framesIn(pieces: readonly Buffer[]): Frames {
  const bodies: string[] = [];
  const decoder = new FrameDecoder(mostFrameBytes, (body) => bodies.push(body));
  try {
    for (const piece of pieces) decoder.push(piece);
    return { bodies, error: undefined };
  } catch (error) {
    assert.ok(error instanceof ProxyError, String(error));
    assert.equal(error.kind, 'upstream-protocol');
    return { bodies, error: error.message };
  }
}

/** The bytes of a runtime's connection, which carry `Content-Length` frames over WebSocket and pipe alike. */
export const ipcFrames: FuzzedParser = {
  name: 'ipc-frames',
  dictionary: [
    ...[
      'Content-Length: ',
      'content-length:',
      'Content-Type: application/vscode-jsonrpc; charset=utf-8',
      '\r\n\r\n',
      '\r\n',
      '\n\n',
    ],
    ...[
      '0',
      '1',
      '2',
      '7',
      '4096',
      '4097',
      '999999999999999',
      '1e3',
      '-1',
      '0x10',
      '{"jsonrpc":"2.0"}',
      'é',
      '😀',
    ],
  ],
  check(input) {
    let first: Frames | undefined;
    for (const pieces of deliveries(input)) {
      const frames = framesIn(pieces);
      first ??= frames;
      assert.deepEqual(frames, first, 'Torn, the stream holds other frames than whole.');
    }
    const { bodies, error } = first ?? framesIn([input]);
    // What it holds, framed again, is read as the same.
    const again = framesIn([Buffer.concat(bodies.map(frameOf))]);
    if (bodies.every((body) => Buffer.byteLength(body) <= mostFrameBytes))
      assert.deepEqual(again.bodies, bodies);
    // No character was invented: a cut one is one replacement at most for each of its bytes.
    assert.ok(bodies.join('').length <= input.length, 'There is more in the frames than came.');
    if (error === undefined && bodies.length === 0)
      assert.ok(input.length <= mostFrameBytes + 8 * 1_024 + 64);
  },
};

/** A connection whose other end is the input. */
class FedTransport implements Transport {
  listener: TransportListener | undefined;
  sent = 0;
  closed = false;

  async send(): Promise<void> {
    if (this.closed) throw new Error('closed');
    this.sent++;
  }

  listen(listener: TransportListener): void {
    this.listener = listener;
  }

  close(): void {
    this.closed = true;
  }
}

interface Heard {
  readonly events: readonly TurnEvent[];
  readonly notifications: number;
  readonly oddities: readonly string[];
  readonly closes: readonly string[];
  readonly isOver: boolean;
}

async function hear(pieces: readonly Buffer[]): Promise<Heard> {
  const transport = new FedTransport();
  const oddities: string[] = [];
  const closes: string[] = [];
  const events: TurnEvent[] = [];
  let notifications = 0;
  const stream = new TurnStream({
    model: 'Kimi-K2.6',
    inputTokens: 7,
    reasoning: true,
    trace: { ...noTrace, note: ({ type, ...note }) => oddities.push(`${type} ${JSON.stringify(note)}`) },
    idleTimeoutMs: 0,
    maxWaitingCharacters: 1_000_000,
  });
  const peer = new RpcPeer(
    transport,
    {
      take: () => false,
      notification(method, params, text) {
        notifications++;
        const routed = method === 'session/update' ? readUpdate(params) : undefined;
        if (routed) stream.update(routed.update, text);
        events.push(...stream.take());
      },
      oddity: (text) => oddities.push(text),
      closed: ({ kind, message }) => closes.push(`${kind}: ${message}`),
    },
    1_000_000,
  );
  const answer = peer.request('initialize', {}).catch((error: unknown) => {
    assert.ok(
      error instanceof Error && ['RpcError', 'ConnectionLost', 'ProxyError'].includes(error.name),
      String(error),
    );
  });
  for (const piece of pieces) {
    transport.listener?.data(piece);
    // vscode-jsonrpc takes messages one by one, each in a task of its own.
    await new Promise(setImmediate);
  }
  await new Promise(setImmediate);
  peer.close();
  await answer;
  return { events: joined(events), notifications, oddities, closes, isOver: stream.complete };
}

/** What a runtime says over its connection, a JSON-RPC message a line, from its frames to the events of a turn. */
export const ipcMessages: FuzzedParser = {
  name: 'ipc-messages',
  dictionary: [
    ...[
      'jsonrpc',
      '2.0',
      'id',
      'method',
      'params',
      'result',
      'error',
      'code',
      'message',
      'session/update',
      'session/request_permission',
    ],
    ...[
      'sessionId',
      'update',
      'sessionUpdate',
      'agent_message_chunk',
      'agent_thought_chunk',
      'notification',
      'content',
      'text',
      'type',
    ],
    ...[
      '_meta',
      'ai-coding/request-id',
      'chat_finish',
      'context_usage',
      'data',
      'reason',
      'statusCode',
      'success',
      'error',
      'timeout',
    ],
    ...['usedTokens', 'limitTokens', '$/cancelRequest', '$/progress', 'initialize', '500', '200'],
    '{"jsonrpc":"2.0","method":"session/update","params":{"update":{"sessionUpdate":"agent_message_chunk","content":{"text":"x"}}}}\n',
    '{"jsonrpc":"2.0","id":0,"result":{}}\n',
  ],
  async check(input) {
    const messages = input.toString().split('\n').slice(0, 64);
    const frames = messages.map(frameOf);
    const first = await hear(frames);
    const whole = Buffer.concat(frames);
    // What came behind a message that closed the connection is not read, however it came.
    for (const pieces of [...deliveries(whole)].slice(0, 3)) {
      const { events, closes, notifications } = await hear(pieces);
      assert.deepEqual([events, closes, notifications], [first.events, first.closes, first.notifications]);
    }
    const { events, closes, isOver, oddities } = first;
    assert.ok(closes.length <= 1, 'The connection was closed twice.');
    if (events.length > 0) assertInOrder(events, isOver);
    assert.ok(
      oddities.every((text) => text.length <= 512),
      'An oddity without bounds.',
    );
    await assertEncodable(events);
  },
};

/** The answer to `config/queryModels`. */
export const ipcModels: FuzzedParser = {
  name: 'ipc-models',
  dictionary: [
    'id',
    'modelId',
    'key',
    'name',
    'label',
    'displayName',
    'title',
    'chat',
    'assistant',
    'quest',
    'Kimi-K2.6',
  ],
  check(input) {
    const models = readModels(tryParseJson(input.toString()));
    assert.equal(new Set(models.map(({ key }) => key)).size, models.length, 'A model is listed twice.');
    for (const { key, id, displayName, aliases } of models) {
      assert.ok(key !== '' && id !== '' && displayName !== '');
      assert.ok(!aliases.includes(id) && !aliases.includes(key));
    }
  },
};
