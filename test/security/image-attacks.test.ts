import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, mock, type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { ProxyError } from '../../src/core/errors.ts';
import { defaultImageLimits, type ImageLimits, loadImage } from '../../src/images/image-loader.ts';
import { localPath } from '../../src/images/read-image-file.ts';
import { withProxy } from '../end-to-end/running-proxy.ts';

// Images as an attacker names and makes them: every one ends in an error that says why, and leads nowhere.

const { signal } = new AbortController();
const posix = process.platform !== 'win32';
const png = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#ff0000' } })
  .png()
  .toBuffer();

const named = (url: string) => ({ type: 'image', source: { kind: 'url', url } }) as const;
const given = (bytes: Buffer) =>
  ({
    type: 'image',
    source: { kind: 'base64', mediaType: 'image/png', data: bytes.toString('base64') },
  }) as const;

async function refused(load: Promise<unknown>, why: RegExp): Promise<void> {
  await assert.rejects(load, (error) => {
    assert.ok(error instanceof ProxyError, String(error));
    assert.equal(error.kind, 'invalid-request');
    assert.match(error.message, why);
    return true;
  });
}

function folder(context: TestContext): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'image-attacks-')));
  context.after(() => rmSync(path, { recursive: true }));
  return path;
}

describe('a file', () => {
  const below = (root: string): ImageLimits => ({ ...defaultImageLimits, fileRoots: [root] });

  test('that is a pipe is refused and does not wait for a writer', { skip: !posix }, async (context) => {
    const root = folder(context);
    const pipe = join(root, 'pipe.png');
    assert.equal(spawnSync('mkfifo', [pipe]).status, 0);
    // More than the threads that read files: one that waited would keep the others from ending.
    await Promise.all(
      Array.from({ length: 8 }, () =>
        refused(loadImage(named(pipe), below(root), signal), /not a regular file/),
      ),
    );
  });

  test('that is a device, a folder or made by the kernel is refused', { skip: !posix }, async () => {
    await refused(loadImage(named('/dev/zero'), below('/'), signal), /not a regular file/);
    await refused(loadImage(named('/dev'), below('/'), signal), /not a regular file/);
    if (process.platform !== 'linux') return;
    // Says that it is empty, and is not.
    await refused(loadImage(named('/proc/self/environ'), below('/'), signal), /PNG, JPEG/);
    const tiny = { ...below('/'), maxBytes: 10 };
    await refused(loadImage(named('/proc/self/status'), tiny, signal), /larger than/);
  });

  test('elsewhere is told from one that does not exist by nobody', async (context) => {
    const root = folder(context);
    const reasons = ['/etc/passwd', '/etc/no-such-file'].map((path) =>
      loadImage(named(path), below(root), signal).catch((error: Error) => error.message.replace(path, '')),
    );
    const [there, absent] = await Promise.all(reasons);
    assert.equal(there, absent);
  });

  test('does not get out by a link, by a folder that is one, or by dots', {
    skip: !posix,
  }, async (context) => {
    const [root, outside] = [folder(context), folder(context)];
    writeFileSync(join(outside, 'secret.png'), png);
    symlinkSync(outside, join(root, 'way'));
    symlinkSync(join(outside, 'secret.png'), join(root, 'link.png'));
    for (const name of [
      join(root, 'way', 'secret.png'),
      join(root, 'link.png'),
      `${root}/x/../../${outside.split('/').at(-1)}/secret.png`,
      `file://${root}/%2e%2e/${outside.split('/').at(-1)}/secret.png`,
      `${root}`,
    ]) {
      await refused(loadImage(named(name), below(root), signal), /only files below/);
    }
  });

  test('is never the one that a link was turned to while it was looked at', {
    skip: !posix,
  }, async (context) => {
    const [root, outside] = [folder(context), folder(context)];
    const blue = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#0000ff' } })
      .png()
      .toBuffer();
    writeFileSync(join(outside, 'picture.png'), blue);
    mkdirSync(join(root, 'real'));
    writeFileSync(join(root, 'real', 'picture.png'), png);
    const [way, away] = [join(root, 'real'), join(root, 'away')];
    let isOver = false;
    const turn = (async () => {
      while (!isOver) {
        renameSync(way, away);
        symlinkSync(outside, way);
        await aMoment();
        unlinkSync(way);
        renameSync(away, way);
        await aMoment();
      }
    })();
    const outcomes = { read: 0, refused: 0 };
    const isTried = () => outcomes.read >= 200 && outcomes.refused >= 200;
    for (let attempt = 0; attempt < 20_000 && !isTried(); attempt++) {
      try {
        const { source } = await loadImage(named(join(way, 'picture.png')), below(root), signal);
        assert.equal(source.data, png.toString('base64'), 'the file outside was read');
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof ProxyError)) throw error;
        outcomes.refused++;
      }
    }
    isOver = true;
    await turn;
    assert.ok(isTried(), JSON.stringify(outcomes));
  });

  test('of a Windows share is never looked for, as that would sign the user in there', () => {
    for (const name of [
      String.raw`\\evil.example\share\a.png`,
      '//evil.example/share/a.png',
      'file://evil.example/share/a.png',
      'file:////evil.example/share/a.png',
      'FILE://evil.example/share/a.png',
      String.raw`\\?\UNC\evil.example\share\a.png`,
      String.raw`\\.\pipe\lingma`,
      String.raw`\Users\me\a.png`,
      'a.png',
      'C:a.png',
      '',
    ]) {
      assert.throws(() => localPath(name, 'win32'), { kind: 'invalid-request' }, name);
    }
    assert.equal(localPath('file:///C:/Users/me/a%20b.png', 'win32'), String.raw`C:\Users\me\a b.png`);
    assert.equal(localPath('c:/Users/me/a.png', 'win32'), String.raw`c:\Users\me\a.png`);
    for (const name of [
      'file://evil.example/a.png',
      'a.png',
      '/a\0.png',
      'file:///a%00.png',
      'file:///a%2Fb.png',
    ]) {
      assert.throws(() => localPath(name, 'linux'), { kind: 'invalid-request' }, name);
    }
  });
});

/** Not always as long, so that nobody falls into step with it. */
async function aMoment(): Promise<void> {
  for (let turns = Math.random() * 4; turns > 0; turns--)
    await new Promise((resolve) => setImmediate(resolve));
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serveImages(context: TestContext, handler: Handler) {
  const hits: string[] = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.headers.host} ${request.url}`);
    handler(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, hits };
}

/** Names are answered as the test says, for as long as it runs. */
function answerNames(context: TestContext, answers: readonly string[]): { asked: number } {
  const count = { asked: 0 };
  mock.method(dns, 'lookup', (_name: string, _options: object, done: (...found: unknown[]) => void) => {
    const address = answers[Math.min(count.asked++, answers.length - 1)] ?? '';
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }]);
  });
  syncBuiltinESMExports();
  context.after(() => {
    mock.restoreAll();
    syncBuiltinESMExports();
  });
  return count;
}

describe('an address on the network', () => {
  const open: ImageLimits = { ...defaultImageLimits, allowLocalNetwork: true, fetchTimeoutMs: 2_000 };

  test('that a name is turned to after it was checked is not connected to', async (context) => {
    const { port, hits } = await serveImages(context, (_request, response) =>
      response.writeHead(302, { location: `http://rebind.example:${port}/second` }).end(),
    );
    const names = answerNames(context, ['127.0.0.1', '169.254.169.254']);
    await refused(
      loadImage(named(`http://rebind.example:${port}/`), open, signal),
      /does not fetch from rebind/,
    );
    assert.equal(names.asked, 2, 'each connection asks once, and goes where the answer leads');
    assert.equal(hits.length, 1);
  });

  test('is the one that was checked: no name is asked a second time for one connection', async (context) => {
    const { port, hits } = await serveImages(context, (_request, response) => response.end(png));
    const names = answerNames(context, ['127.0.0.1', '169.254.169.254']);
    await loadImage(named(`http://rebind.example:${port}/`), open, signal);
    assert.deepEqual([names.asked, hits.length], [1, 1]);
  });

  for (const [shape, address] of [
    ['the metadata service', '169.254.169.254'],
    ['the metadata service behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['the metadata service by 6to4', '2002:a9fe:a9fe::'],
  ] as const) {
    test(`of ${shape} is not connected to, whoever names it`, async (context) => {
      answerNames(context, [address]);
      await refused(loadImage(named('http://innocent.example/a.png'), open, signal), /does not fetch from/);
      const literal = address.includes(':') ? `[${address}]` : address;
      await refused(loadImage(named(`http://${literal}/a.png`), open, signal), /does not fetch from/);
    });
  }

  test('of this computer is known in every way to write it', async () => {
    for (const host of [
      '127.1',
      '0x7f.1',
      '2130706433',
      '0177.0.0.1',
      '127.0.0.1.',
      '[::ffff:127.0.0.1]',
      '[::1]',
      '0',
    ]) {
      await refused(
        loadImage(named(`http://${host}:9/a.png`), { ...open, allowLocalNetwork: false }, signal),
        /does not fetch from/,
      );
    }
  });

  test('is connected to directly: a proxy of the environment would connect to what it likes', async (context) => {
    const image = await serveImages(context, (_request, response) => response.end(png));
    const proxy = await serveImages(context, (_request, response) => response.end(png));
    const before = { ...process.env };
    context.after(() => {
      process.env = before;
    });
    for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY']) {
      process.env[name] = `http://127.0.0.1:${proxy.port}`;
    }
    await loadImage(named(`http://127.0.0.1:${image.port}/a.png`), open, signal);
    assert.deepEqual([image.hits.length, proxy.hits.length], [1, 0]);
  });

  test('that answers with something else, slowly, without end or in circles is given up', async (context) => {
    const { port } = await serveImages(context, (request, response) => {
      switch (request.url) {
        case '/page':
          return void response.setHeader('content-type', 'text/html; charset=utf-8').end('<h1>private</h1>');
        case '/drip': {
          const drip = setInterval(() => response.write('x'), 20);
          response.on('close', () => clearInterval(drip));
          return;
        }
        case '/endless':
          response.writeHead(200, { 'content-type': 'image/png' });
          return void (function more() {
            while (response.write(Buffer.alloc(64_000)));
            response.once('drain', more);
          })();
        case '/bomb':
          return void response
            .writeHead(200, {
              'content-type': 'image/png',
              'content-encoding': 'gzip',
              'content-length': '9999999999',
            })
            .write(Buffer.alloc(2_000_000));
        default:
          return void response.writeHead(302, { location: `${request.url}x` }).end();
      }
    });
    const limits = { ...open, maxBytes: 1_000_000, fetchTimeoutMs: 300 };
    for (const [path, why] of [
      ['/page', /says that it is text\/html/],
      ['/drip', /did not arrive within/],
      ['/endless', /larger than 1 MB/],
      ['/bomb', /larger than 1 MB/],
      ['/x', /redirects more than 3 times/],
    ] as const) {
      await refused(loadImage(named(`http://127.0.0.1:${port}${path}`), limits, signal), why);
    }
  });
});

describe('bytes', () => {
  test('whose header promises more pixels than there may be are refused before they are decoded', async () => {
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(100_000, 16);
    bomb.writeUInt32BE(100_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    await refused(loadImage(given(bomb), defaultImageLimits, signal), /broken or too large/);
  });

  for (const [what, bytes] of [
    [
      'an SVG that names a file',
      '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    ],
    [
      'an SVG of entities',
      '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><svg>&b;</svg>',
    ],
    ['a PDF', '%PDF-1.4\n1 0 obj\n'],
    ['a TIFF', 'II*\0\u0008\0\0\0'],
    ['an AVIF', '\0\0\0\u001cftypavif'],
    ['a script', '#!/bin/sh\n'],
    ['nothing', ''],
  ] as const) {
    test(`of ${what} never reach a decoder`, () =>
      refused(
        loadImage(given(Buffer.from(bytes, 'latin1')), defaultImageLimits, signal),
        /only PNG, JPEG, WebP and GIF/,
      ));
  }

  test('of an animation stand for its first picture', async () => {
    const frames = Buffer.alloc(40 * 4_000 * 3);
    const animated = await sharp(frames, { raw: { width: 40, height: 4_000, channels: 3, pageHeight: 40 } })
      .gif()
      .toBuffer();
    const { source } = await loadImage(given(animated), { ...defaultImageLimits, longestSide: 20 }, signal);
    const { width, height, pages } = await sharp(Buffer.from(source.data, 'base64')).metadata();
    assert.deepEqual({ width, height, pages: pages ?? 1 }, { width: 20, height: 20, pages: 1 });
  });

  test('that are too many as base64 are refused before they are decoded', () =>
    refused(
      loadImage(given(Buffer.alloc(2_000)), { ...defaultImageLimits, maxBytes: 1_000 }, signal),
      /larger than/,
    ));
});

describe('over the API', () => {
  const ask = (url: string) => ({
    model: 'kmodel',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  });

  test('a local address and a file are for programs of this computer, and for nobody who is let in by one', async (context) => {
    const { port, hits } = await serveImages(context, (_request, response) => response.end(png));
    const root = folder(context);
    writeFileSync(join(root, 'a.png'), png);
    await withProxy('ipc', {}, async (proxy) => {
      for (const url of [`http://127.0.0.1:${port}/a.png`, join(root, 'a.png')]) {
        hits.length = 0;
        assert.equal((await proxy.post('/v1/chat/completions', ask(url))).status, 200);
        const before = hits.length;
        const forwarded = { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7' };
        const answer = await proxy.post('/v1/chat/completions', ask(url), { headers: forwarded });
        assert.equal(answer.status, 400);
        assert.match(await answer.text(), /does not fetch from|only files below/);
        assert.equal(hits.length, before);
      }
    });
    await withProxy('ipc', { settings: { imageLocalNetwork: 'never' } }, async (proxy) => {
      const answer = await proxy.post('/v1/chat/completions', ask(`http://127.0.0.1:${port}/a.png`));
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /does not fetch from 127\.0\.0\.1/);
    });
  });

  test('links that lead to much more than a request may hold are refused by their sum', async (context) => {
    // Few pixels and many bytes: such an image is not made smaller.
    const noise = Buffer.concat([png.subarray(0, 33), textChunk(15_000_000), png.subarray(33)]);
    const { port, hits } = await serveImages(context, (_request, response) => response.end(noise));
    await withProxy('ipc', {}, async (proxy) => {
      const one = { type: 'image_url', image_url: { url: `http://127.0.0.1:${port}/a.png` } };
      const content = [{ type: 'text', text: 'Look.' }, ...Array.from({ length: 20 }, () => one)];
      const answer = await proxy.post('/v1/chat/completions', {
        model: 'kmodel',
        messages: [{ role: 'user', content }],
      });
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /more than 60 MB together/);
      assert.equal(hits.length, 4);
    });
  });
});

/** A PNG chunk that no decoder looks into. */
function textChunk(size: number): Buffer {
  const body = Buffer.concat([Buffer.from('prVt'), Buffer.alloc(size, 7)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(size, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
