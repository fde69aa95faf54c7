import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import { type Api, answer, apis, ended, errorOf, replay, Stage, serve, started, text } from './served.ts';

/** How each dialect ends a stream that failed, how one that did not, and how it shows that it lives. */
const marks = {
  chat: { failed: /data: \{"error":/, complete: /data: \[DONE\]/, alive: /^: /m },
  responses: {
    failed: /event: response\.failed\n/,
    complete: /event: response\.completed\n/,
    alive: /event: response\.in_progress\n/,
  },
  messages: { failed: /event: error\n/, complete: /event: message_stop\n/, alive: /event: ping\n/ },
} satisfies Record<Api['name'], unknown>;

const gone = new ProxyError('upstream-unavailable', 'Upstream is gone. Try again.', { retryAfterSeconds: 7 });

for (const api of apis) {
  const { failed, complete, alive } = marks[api.name];
  const streaming = { ...api.body, stream: true };

  describe(api.name, () => {
    test('a whole answer is JSON, and its record is complete', async (t) => {
      const served = await serve(t, { run: () => replay(answer('Hel', 'lo')) });
      const response = await served.post(api.path, api.body);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
      const body = await response.text();
      assert.match(body, /Hello/);
      const record = await served.lastRecord();
      assert.equal(record.state, 'done');
      assert.equal(record.statusCode, 200);
      assert.equal(record.response, body);
      assert.equal(record.request, JSON.stringify(api.body));
      assert.equal(record.modelAsked, 'kmodel');
      assert.equal(record.outputTokens, 2);
      assert.equal(record.usageSource, 'upstream');
      assert.equal(record.stream, false);
      assert.ok(record.firstTokenMs !== undefined && record.firstTokenMs <= record.durationMs);
      assert.equal(response.headers.get('x-request-id'), record.id);
      assert.equal(response.headers.get('request-id'), record.id);
      assert.equal(served.running.count, 0);
    });

    test('what a turn needs is looked after before its request is decoded, and at no other call', async (t) => {
      let expected = 0;
      const served = await serve(t, { expectTurn: () => expected++ });
      await (await served.fetch('/v1/models')).text();
      assert.equal(expected, 0);
      assert.equal((await served.post(api.path, {})).status, 400);
      assert.equal(expected, 1);
    });

    test('a streamed answer comes event by event and ends properly', async (t) => {
      const served = await serve(t, { run: () => replay(answer('Hel', 'lo')) });
      const response = await served.post(api.path, streaming);
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'text/event-stream; charset=utf-8');
      assert.match(response.headers.get('cache-control') ?? '', /no-cache/);
      const body = await response.text();
      assert.match(body, complete);
      assert.doesNotMatch(body, failed);
      const record = await served.lastRecord();
      assert.equal(record.state, 'done');
      assert.equal(record.response, body);
      assert.equal(record.stream, true);
      assert.equal(response.headers.get('x-request-id'), record.id);
    });

    for (const stream of [true, false]) {
      const body = { ...api.body, stream };
      const how = stream ? 'streamed' : 'whole';

      test(`a failure before the first event is a real status when the answer is ${how}`, async (t) => {
        const served = await serve(t, { run: () => replay([gone]) });
        const response = await served.post(api.path, body);
        assert.equal(response.status, 503);
        assert.equal(response.headers.get('retry-after'), '7');
        assert.equal(errorOf(api.name, await response.json())['message'], gone.message);
        const record = await served.lastRecord();
        assert.equal(record.state, 'failed');
        assert.deepEqual(record.error, { kind: 'upstream-unavailable', message: gone.message });
        assert.equal(record.statusCode, 503);
      });

      test(`a backend that throws at once is answered the same when the answer is ${how}`, async (t) => {
        const served = await serve(t, {
          run: () => {
            throw gone;
          },
        });
        const response = await served.post(api.path, body);
        assert.equal(response.status, 503);
        assert.equal(served.running.count, 0);
      });

      test(`a defect of ours is a 500 with its place in the log when the answer is ${how}`, async (t) => {
        const served = await serve(t, { run: () => replay([new TypeError('undefined is not a function')]) });
        const response = await served.post(api.path, body);
        assert.equal(response.status, 500);
        assert.match(
          served.logs.list(10).find((line) => line.level === 'error')?.message ?? '',
          /TypeError.*\n\s+at /,
        );
      });

      test(`a client that leaves aborts the turn at once when the answer is ${how}`, async (t) => {
        const stage = new Stage();
        const served = await serve(t, { run: stage.run });
        const leaving = new AbortController();
        const response = served.post(api.path, body, { signal: leaving.signal });
        response.catch(() => {});
        await stage.begun;
        if (stream) {
          stage.push(started, text('Hel'));
          await response;
        }
        leaving.abort();
        const reason = await stage.left;
        assert.ok(reason instanceof ProxyError);
        assert.equal(reason.kind, 'cancelled');
        const record = await served.lastRecord();
        assert.equal(record.state, 'cancelled');
        assert.equal(record.statusCode, stream ? 200 : 499);
        await served.running.idle();
      });

      test(`the time limit ends an answer that is ${how}`, async (t) => {
        const stage = new Stage();
        const served = await serve(t, { run: stage.run, settings: { timeoutMs: 20 } });
        const response = await served.post(api.path, body);
        assert.equal(response.status, 504);
        assert.match(String(errorOf(api.name, await response.json())['message']), /0\.02 seconds.*"timeout"/);
        assert.equal((await served.lastRecord()).error?.kind, 'timeout');
        await stage.left;
      });
    }

    test('a failure after text has gone out is the error event of the dialect, never a clean end', async (t) => {
      const served = await serve(t, { run: () => replay([started, text('Hel'), gone]) });
      const response = await served.post(api.path, streaming);
      assert.equal(response.status, 200);
      const body = await response.text();
      assert.match(body, failed);
      assert.match(body, /Upstream is gone/);
      assert.doesNotMatch(body, complete);
      const record = await served.lastRecord();
      assert.equal(record.state, 'failed');
      assert.match(record.response, failed);
    });

    test('an end without an end event is a failure', async (t) => {
      const served = await serve(t, { run: () => replay([started, text('Hel')]) });
      const streamed = await (await served.post(api.path, streaming)).text();
      assert.match(streamed, failed);
      assert.doesNotMatch(streamed, complete);
      assert.equal((await served.post(api.path, api.body)).status, 502);
    });

    test('an answer of nothing at all is a failure with a status', async (t) => {
      const served = await serve(t, { run: () => replay([]) });
      assert.equal((await served.post(api.path, streaming)).status, 502);
    });

    test('what comes after the end is not sent, and does not spoil the answer', async (t) => {
      const served = await serve(t, { run: () => replay([...answer('Hello'), text('more'), gone]) });
      const body = await (await served.post(api.path, streaming)).text();
      assert.match(body, complete);
      assert.doesNotMatch(body, /more/);
      assert.equal((await served.lastRecord()).state, 'done');
    });

    test('a silent upstream is covered by signs of life before the first event', async (t) => {
      const stage = new Stage();
      const served = await serve(t, { run: stage.run, settings: { keepAliveMs: 5 } });
      const response = await served.post(api.path, streaming);
      assert.equal(response.status, 200);
      const reader = new TextReader(response);
      await reader.until((seen) => seen.match(new RegExp(alive, 'gm'))?.length === 2);
      stage.push(...answer('Hello'));
      assert.match(await reader.rest(), complete);
    });

    test('a silent upstream is covered by signs of life between events', async (t) => {
      const stage = new Stage();
      const served = await serve(t, { run: stage.run, settings: { keepAliveMs: 5 } });
      stage.push(started, text('Hel'));
      const reader = new TextReader(await served.post(api.path, streaming));
      await reader.until((seen) => alive.test(seen.slice(seen.indexOf('Hel'))));
      stage.push(text('lo'), ended);
      assert.match(await reader.rest(), complete);
    });

    test('a failure after a sign of life is the error event of the dialect', async (t) => {
      const stage = new Stage();
      const served = await serve(t, { run: stage.run, settings: { keepAliveMs: 5 } });
      const reader = new TextReader(await served.post(api.path, streaming));
      await reader.until((seen) => alive.test(seen));
      stage.push(gone);
      const body = await reader.rest();
      assert.match(body, failed);
      assert.doesNotMatch(body, complete);
    });

    test('each event of upstream is one chunk, sent at once', async (t) => {
      const stage = new Stage();
      const served = await serve(t, { run: stage.run });
      const socket = await served.connect();
      const body = JSON.stringify(streaming);
      socket.write(
        `POST ${api.path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      await stage.begun;
      stage.push(started, text('zero'));
      let seen = '';
      socket.on('data', (data) => {
        seen += data;
      });
      while (!seen.includes('zero')) await once(socket, 'data');
      for (const word of ['one', 'two', 'three']) {
        seen = '';
        stage.push(text(word));
        await once(socket, 'data');
        const [, size = '', chunk = ''] = /^([0-9a-f]+)\r\n(.*)\r\n$/s.exec(seen) ?? [];
        assert.equal(Number.parseInt(size, 16), chunk.length, 'one whole chunk');
        assert.match(chunk, new RegExp(word));
      }
      socket.destroy();
    });

    test('thoughts reach only who asked for them, and are heard by the record', async (t) => {
      const thoughts: TurnEvent[] = [
        started,
        { type: 'reasoning-delta', text: 'ponder' },
        text('Hello'),
        ended,
      ];
      const served = await serve(t, { run: () => replay(thoughts) });
      for (const stream of [true, false]) {
        const quiet = await (await served.post(api.path, { ...api.body, stream })).text();
        assert.doesNotMatch(quiet, /ponder/);
        const asking = {
          chat: { reasoning_effort: 'high' },
          responses: { reasoning: { effort: 'high', summary: 'detailed' } },
          messages: { thinking: { type: 'adaptive' } },
        }[api.name];
        const loud = await (await served.post(api.path, { ...api.body, ...asking, stream })).text();
        assert.match(loud, /ponder/);
      }
    });

    test('a stop gives running answers their time, then ends them with an error that invites a retry', async (t) => {
      const quick = new Stage();
      const stuck = new Stage();
      const stages = [quick, stuck];
      const served = await serve(t, { run: (turn, context) => (stages.shift() ?? stuck).run(turn, context) });
      const first = served.post(api.path, streaming);
      await quick.begun;
      const second = served.post(api.path, streaming);
      await stuck.begun;
      quick.push(started, text('Hel'));
      stuck.push(started, text('Hel'));
      const [quickResponse, stuckResponse] = await Promise.all([first, second]);
      const drained = served.running.drain(50);
      quick.push(text('lo'), ended);
      assert.match(await quickResponse.text(), complete);
      const cut = await stuckResponse.text();
      assert.match(cut, failed);
      assert.match(cut, /shutting down/);
      await drained;
      assert.equal(served.running.count, 0);
      const late = await served.post(api.path, streaming);
      assert.equal(late.status, 503);
      assert.equal(late.headers.get('retry-after'), '2');
    });
  });
}

test('a stop during the wait for the first event is a 503', async (t) => {
  const stage = new Stage();
  const served = await serve(t, { run: stage.run });
  const response = served.post('/v1/messages', { ...apis[2].body, stream: true });
  await stage.begun;
  await served.running.drain(0);
  assert.equal((await response).status, 503);
});

test('a backend that heeds no signal holds up neither its client nor the stop', async (t) => {
  const deaf: AsyncIterable<TurnEvent> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => new Promise(() => {}),
    }),
  };
  const served = await serve(t, { run: () => deaf, settings: { timeoutMs: 20 } });
  assert.equal((await served.post('/v1/messages', apis[2].body)).status, 504);
  assert.equal(served.running.count, 1);
  await served.running.drain(0);
  assert.equal(served.running.count, 0);
});

test('an answer does not wait for its backend to wind up, but a stop does', async (t) => {
  let windUp = () => {};
  const wound = new Promise<void>((resolve) => {
    windUp = resolve;
  });
  async function* run(): AsyncGenerator<TurnEvent> {
    try {
      yield* answer('Hello');
    } finally {
      await wound;
    }
  }
  const served = await serve(t, { run });
  for (const stream of [true, false]) {
    const response = await served.post('/v1/chat/completions', { ...apis[0].body, stream });
    assert.match(await response.text(), /Hello/);
  }
  assert.equal(served.running.count, 2);
  windUp();
  await served.running.idle();
  assert.equal(served.running.count, 0);
});

test('a client that reads slowly stops the upstream, and gets all of it in the end', async (t) => {
  const deltas = 20_000;
  const word = 'x'.repeat(1_000);
  let pulled = 0;
  async function* run(): AsyncGenerator<TurnEvent> {
    yield started;
    for (; pulled < deltas; pulled++) yield text(word);
    yield ended;
  }
  const served = await serve(t, { run });
  const socket = await served.connect();
  socket.pause();
  const body = JSON.stringify({ ...apis[0].body, stream: true });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  // It has stopped when a while of turns of the event loop brings nothing more.
  let before = -1;
  while (pulled === 0 || pulled !== before) {
    before = pulled;
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
  assert.ok(pulled < deltas / 2, `${pulled} of ${deltas} were pulled`);
  let size = 0;
  let tail = '';
  socket.on('data', (data) => {
    size += data.length;
    tail = (tail + data).slice(-200);
  });
  socket.resume();
  await once(socket, 'end');
  assert.equal(pulled, deltas);
  assert.ok(size > deltas * word.length);
  assert.match(tail, /\[DONE\]/);
});

test('a client that leaves while it does not read frees the turn', async (t) => {
  async function* run(): AsyncGenerator<TurnEvent> {
    yield started;
    for (;;) yield text('x'.repeat(10_000));
  }
  const served = await serve(t, { run });
  const socket = await served.connect();
  socket.pause();
  const body = JSON.stringify({ ...apis[0].body, stream: true });
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(served.running.count, 1);
  socket.destroy();
  await served.running.idle();
  assert.equal((await served.lastRecord()).state, 'cancelled');
});

test('fields without effect are named in the record', async (t) => {
  const served = await serve(t);
  await (await served.post('/v1/chat/completions', { ...apis[0].body, service_tier: 'auto' })).text();
  const record = await served.lastRecord();
  assert.deepEqual(
    record.notes.map((note) => note.type === 'ignored' && note.fields),
    [['service_tier']],
  );
});

class TextReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #seen = '';

  constructor(response: Response) {
    assert.ok(response.body);
    this.#reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  async until(condition: (seen: string) => boolean): Promise<void> {
    while (!condition(this.#seen)) {
      const { done, value } = await this.#reader.read();
      assert.ok(!done, `the stream ended: ${this.#seen}`);
      this.#seen += value;
    }
  }

  async rest(): Promise<string> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return this.#seen;
      this.#seen += value;
    }
  }
}
