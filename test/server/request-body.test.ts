import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { describe, test } from 'node:test';
import zlib from 'node:zlib';
import { apis, errorOf, type Served, serve } from './served.ts';

const body = JSON.stringify(apis[0].body);
const path = '/v1/chat/completions';

const encodings: Record<string, (text: string) => Buffer> = {
  gzip: (text) => zlib.gzipSync(text),
  'x-gzip': (text) => zlib.gzipSync(text),
  deflate: (text) => zlib.deflateSync(text),
  br: (text) => zlib.brotliCompressSync(text),
  zstd: (text) => zstdCompress(text),
  identity: (text) => Buffer.from(text),
};

// Newer than the oldest runtime that the types are for.
const zstdCompress: (text: string) => Buffer = Reflect.get(zlib, 'zstdCompressSync');

function send(served: Served, payload: Buffer, encoding: string): Promise<Response> {
  return served.fetch(path, {
    method: 'POST',
    body: new Uint8Array(payload),
    headers: { 'content-type': 'application/json', 'content-encoding': encoding },
  });
}

describe('a compressed body', () => {
  for (const [encoding, compress] of Object.entries(encodings)) {
    test(`is read when it is ${encoding}, and recorded as text`, async (t) => {
      const served = await serve(t);
      const response = await send(served, compress(body), encoding.toUpperCase());
      assert.equal(response.status, 200);
      await response.text();
      assert.equal((await served.lastRecord()).request, body);
    });

    if (encoding === 'identity') continue;

    test(`of ${encoding} that is cut off, empty or corrupt is a 400, and the connection goes on`, async (t) => {
      const served = await serve(t);
      const whole = compress(body);
      const corrupt = Buffer.from(whole);
      corrupt.fill(0xff, 2, 12);
      for (const broken of [
        whole.subarray(0, whole.length - 8),
        corrupt,
        Buffer.from('not compressed at all'),
      ]) {
        const response = await send(served, broken, encoding);
        assert.equal(response.status, 400);
        assert.match(String(errorOf('chat', await response.json())['message']), /request body/);
      }
    });

    test(`of ${encoding} that grows beyond the limit is a 413 without being unpacked whole`, async (t) => {
      const served = await serve(t);
      const bomb = compress(' '.repeat(50_000_000));
      assert.ok(bomb.length < 200_000);
      const response = await send(served, bomb, encoding);
      assert.equal(response.status, 413);
      assert.match(String(errorOf('chat', await response.json())['message']), /1 MB/);
      assert.ok((await served.lastRecord()).requestSize <= 1_000_000);
    });
  }

  test('in a way that this proxy does not know is a 415 that says what to do', async (t) => {
    const served = await serve(t);
    for (const encoding of ['lz4', 'gzip, gzip', 'x'.repeat(1_000)]) {
      const response = await send(served, Buffer.from(body), encoding);
      assert.equal(response.status, 415);
      assert.match(String(errorOf('chat', await response.json())['message']), /gzip or uncompressed/);
    }
  });
});

describe('a body that is no request', () => {
  for (const api of apis) {
    test(`is a 400 in the shape of ${api.name}, with a record of it`, async (t) => {
      const served = await serve(t);
      for (const broken of [
        '{"model": ',
        'hello',
        '',
        ' ',
        '"text"',
        '[]',
        'null',
        '7',
        '{"a":1}}',
        '\u0000',
      ]) {
        const response = await served.fetch(api.path, {
          method: 'POST',
          body: broken,
          headers: { 'content-type': 'application/json' },
        });
        assert.equal(response.status, 400, broken);
        errorOf(api.name, await response.json());
        assert.equal((await served.lastRecord()).request, broken);
      }
      const nothing = await served.fetch(api.path, { method: 'POST' });
      assert.equal(nothing.status, 400);
      errorOf(api.name, await nothing.json());
    });
  }

  test('is not quoted in the log', async (t) => {
    const served = await serve(t);
    await (await served.fetch(path, { method: 'POST', body: '{"text": private words' })).text();
    await served.lastRecord();
    assert.doesNotMatch(JSON.stringify(served.logs.list(10)), /private|words/);
  });

  test('because it is nested without end is refused before anything walks it', async (t) => {
    const served = await serve(t, { settings: { bodyLimit: 10_000_000 } });
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `{"messages":${open.repeat(100_000)}1${close.repeat(100_000)}}`;
      const response = await served.fetch(path, { method: 'POST', body: deep });
      assert.equal(response.status, 400);
      assert.match(String(errorOf('chat', await response.json())['message']), /200 levels/);
    }
  });
});

describe('a body is read', () => {
  test('whatever its content type says, with or without a byte order mark', async (t) => {
    const served = await serve(t);
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'application/json;',
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/octet-stream',
    ]) {
      for (const mark of ['', '\ufeff']) {
        const response = await served.fetch(path, {
          method: 'POST',
          body: mark + body,
          headers: { 'content-type': type },
        });
        assert.equal(response.status, 200, type);
      }
    }
    const untyped = await served.raw(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    assert.match(untyped, /^HTTP\/1\.1 200 /);
  });

  test('but a content type that is none is a 415 in the shape of the dialect', async (t) => {
    const served = await serve(t);
    for (const api of apis) {
      const response = await served.post(api.path, api.body, { headers: { 'content-type': 'json' } });
      assert.equal(response.status, 415);
      assert.match(String(errorOf(api.name, await response.json())['message']), /application\/json/);
    }
  });

  test('when characters are torn between its chunks', async (t) => {
    const served = await serve(t);
    const text = JSON.stringify({ ...apis[0].body, user: '通义灵码 🎉' });
    const socket = await served.connect();
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    for (const byte of Buffer.from(text))
      socket.write(Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]));
    socket.write('0\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    assert.equal((await served.lastRecord()).request, text);
  });

  test('even when its client first asks whether it may send it', async (t) => {
    const served = await serve(t);
    const socket = await served.connect();
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    const [first] = await once(socket, 'data');
    assert.match(String(first), /^HTTP\/1\.1 100 /);
    socket.write(body);
    const [second] = await once(socket, 'data');
    assert.match(String(second), /^HTTP\/1\.1 200 /);
  });
});

describe('a body over the limit', () => {
  const limit = 1_000_000;

  for (const api of apis) {
    test(`is a 413 in the shape of ${api.name}`, async (t) => {
      const served = await serve(t);
      const response = await served.fetch(api.path, { method: 'POST', body: 'x'.repeat(limit + 1) });
      assert.equal(response.status, 413);
      errorOf(api.name, await response.json());
    });
  }

  test('is refused by what it announces, without waiting for it', async (t) => {
    const served = await serve(t);
    const reply = await served.raw(
      `POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9999999999999\r\n\r\n{`,
      '}}',
    );
    assert.match(reply, /^HTTP\/1\.1 413 /);
  });

  for (const chunked of [true, false]) {
    test(`leaves a client that sends 70 MB ${chunked ? 'in chunks ' : ''}its answer and its connection`, async (t) => {
      const served = await serve(t);
      const socket = await served.connect();
      const piece = Buffer.alloc(1_000_000, 0x20);
      const length = chunked ? 'transfer-encoding: chunked' : `content-length: ${70 * piece.length}`;
      const frame = chunked ? Buffer.concat([Buffer.from('f4240\r\n'), piece, Buffer.from('\r\n')]) : piece;
      socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\n${length}\r\n\r\n`);
      for (let count = 0; count < 70; count++) {
        if (!socket.write(frame)) await once(socket, 'drain');
      }
      socket.write(chunked ? '0\r\n\r\n' : '');
      // Only now does it look at what came back, and goes on with another request.
      socket.write('GET /version HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      let reply = '';
      for await (const data of socket) reply += data;
      assert.match(reply, /^HTTP\/1\.1 413 .*larger than the 1 MB.*HTTP\/1\.1 200 .*lingma-proxy/s);
    });
  }

  test('is answered for usual clients as well', async (t) => {
    const served = await serve(t);
    const large = Buffer.alloc(70_000_000, 0x20);
    const fetched = await served.fetch(path, { method: 'POST', body: large });
    assert.equal(fetched.status, 413);
    const request = httpRequest(served.url + path, { method: 'POST' });
    request.on('error', () => {});
    request.end(large);
    const [response] = await once(request, 'response');
    assert.equal(response.statusCode, 413);
    request.destroy();
  });

  test('of exactly the limit is read', async (t) => {
    const served = await serve(t);
    const padded = `${body}${' '.repeat(limit - body.length)}`;
    assert.equal((await served.fetch(path, { method: 'POST', body: padded })).status, 200);
  });
});

test('a client that leaves while it sends its request is a cancelled request, not a bad one', async (t) => {
  const served = await serve(t);
  for (const encoding of ['identity', 'gzip']) {
    const socket = await served.connect();
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-encoding: ${encoding}\r\ncontent-length: 500\r\n\r\n{`,
    );
    while (served.recorder.list(1)[0]?.state !== 'running')
      await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    const record = await served.lastRecord();
    assert.equal(record.state, 'cancelled');
    assert.equal(record.statusCode, 499);
  }
});
