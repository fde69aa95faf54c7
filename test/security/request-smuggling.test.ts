import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, replay, serve } from '../server/served.ts';

// Requests that two programs could read in two ways: the proxy reads them in none, so that nothing can hide behind one in front.

const body = JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: 'Hi' }] });
const hidden = 'GET /debug/requests HTTP/1.1\r\nhost: localhost\r\n\r\n';

for (const [what, head, rest] of [
  ['a length and chunks', 'content-length: 5\r\ntransfer-encoding: chunked', `0\r\n\r\n${hidden}`],
  ['chunks and a length', 'transfer-encoding: chunked\r\ncontent-length: 5', `0\r\n\r\n${hidden}`],
  ['two lengths', `content-length: ${body.length}\r\ncontent-length: 0`, body + hidden],
  ['a list of lengths', `content-length: ${body.length}, 0`, body + hidden],
  ['a signed length', `content-length: +${body.length}`, body + hidden],
  ['a length in hexadecimal', 'content-length: 0x10', body + hidden],
  ['a length with a letter', `content-length: ${body.length}a`, body + hidden],
  ['a length beyond all numbers', `content-length: ${'9'.repeat(40)}`, body + hidden],
  ['a coding that is not the last', 'transfer-encoding: chunked, identity', `0\r\n\r\n${hidden}`],
  ['an unknown coding', 'transfer-encoding: xchunked', `0\r\n\r\n${hidden}`],
  ['a space before the colon', 'transfer-encoding : chunked\r\ncontent-length: 5', `0\r\n\r\n${hidden}`],
  ['a folded line', 'transfer-encoding:\r\n chunked\r\ncontent-length: 5', `0\r\n\r\n${hidden}`],
  ['a bare line feed', 'x: y\ntransfer-encoding: chunked\r\ncontent-length: 5', `0\r\n\r\n${hidden}`],
  ['a bare carriage return', 'x: y\rtransfer-encoding: chunked', `0\r\n\r\n${hidden}`],
  ['a zero byte', 'x: \0', body + hidden],
  ['a chunk of a signed size', 'transfer-encoding: chunked', `-1\r\n${body}\r\n0\r\n\r\n${hidden}`],
  ['a chunk that is longer than it says', 'transfer-encoding: chunked', `1\r\n${body}\r\n0\r\n\r\n${hidden}`],
  ['a chunk size beyond all numbers', 'transfer-encoding: chunked', `${'f'.repeat(40)}\r\n${body}`],
] as const) {
  test(`${what}: refused, and nothing behind it is read`, async (context) => {
    let runs = 0;
    const served = await serve(context, {
      run: () => {
        runs++;
        return replay(answer('Hello'));
      },
    });
    const reply = await served.raw(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n${head}\r\n\r\n${rest}`,
    );
    assert.deepEqual(reply.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 400'], reply.slice(0, 2_000));
    assert.match(reply, /connection: close/);
    assert.equal(runs, 0);
  });
}

test('two hosts: refused, whichever of them is the proxy', async (context) => {
  const served = await serve(context);
  for (const hosts of ['host: localhost\r\nHost: evil.example', 'host: evil.example\r\nHOST: localhost']) {
    const reply = await served.raw(`GET /v1/models HTTP/1.1\r\n${hosts}\r\nconnection: close\r\n\r\n`);
    assert.match(reply, /^HTTP\/1\.1 400 .*more than one Host/s);
  }
});
