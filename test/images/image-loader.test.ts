import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { ProxyError } from '../../src/core/errors.ts';
import { defaultImageLimits, type ImageLimits, loadImage } from '../../src/images/image-loader.ts';

const signal = new AbortController().signal;
const red = { create: { width: 20, height: 10, channels: 3, background: '#ff0000' } } as const;

function url(url: string) {
  return { type: 'image', source: { kind: 'url', url } } as const;
}

function base64(bytes: Buffer, mediaType = 'image/png') {
  return { type: 'image', source: { kind: 'base64', mediaType, data: bytes.toString('base64') } } as const;
}

async function refused(load: Promise<unknown>, why: RegExp): Promise<void> {
  await assert.rejects(load, (error) => {
    assert.ok(error instanceof ProxyError);
    assert.equal(error.kind, 'invalid-request');
    assert.match(error.message, why);
    return true;
  });
}

describe('images given as base64', () => {
  test('a small one keeps its bytes', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
      const bytes = await sharp(red).toFormat(format).toBuffer();
      const { source } = await loadImage(base64(bytes), defaultImageLimits, signal);
      assert.deepEqual(source, {
        kind: 'base64',
        mediaType: `image/${format}`,
        data: bytes.toString('base64'),
      });
    }
  });

  test('a large one is scaled down to JPEG', async () => {
    const bytes = await sharp({ create: { ...red.create, width: 4_000, height: 1_000 } })
      .png()
      .toBuffer();
    const { source } = await loadImage(base64(bytes), defaultImageLimits, signal);
    assert.equal(source.mediaType, 'image/jpeg');
    const { width, height } = await sharp(Buffer.from(source.data, 'base64')).metadata();
    assert.deepEqual([width, height], [1_568, 392]);
  });

  test('one that lies on its side is turned upright', async () => {
    const bytes = await sharp(red).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { source } = await loadImage(base64(bytes), defaultImageLimits, signal);
    const { width, height } = await sharp(Buffer.from(source.data, 'base64')).metadata();
    assert.deepEqual([width, height], [10, 20]);
  });

  test('the declared type does not matter, the bytes do', async () => {
    const bytes = await sharp(red).png().toBuffer();
    const { source } = await loadImage(base64(bytes, 'image/jpeg'), defaultImageLimits, signal);
    assert.equal(source.mediaType, 'image/png');
  });

  test('what is no image, a cut one, a foreign format and a bomb are refused', async () => {
    const png = await sharp({ create: { ...red.create, width: 300, height: 300 } })
      .png()
      .toBuffer();
    await refused(
      loadImage(base64(Buffer.from('not an image')), defaultImageLimits, signal),
      /PNG, JPEG, WebP and GIF/,
    );
    await refused(loadImage(base64(png.subarray(0, png.length / 2)), defaultImageLimits, signal), /broken/);
    await refused(
      loadImage(
        base64(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
        defaultImageLimits,
        signal,
      ),
      /PNG, JPEG, WebP and GIF/,
    );
    await refused(
      loadImage(base64(png), { ...defaultImageLimits, maxPixels: 1_000 }, signal),
      /broken or too large/,
    );
    await refused(loadImage(base64(png), { ...defaultImageLimits, maxBytes: 10 }, signal), /larger than/);
  });
});

describe('images in files', () => {
  let folder: string;
  let outside: string;
  let limits: ImageLimits;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'images-'));
    outside = await mkdtemp(join(tmpdir(), 'outside-'));
    limits = { ...defaultImageLimits, fileRoots: [folder] };
    const bytes = await sharp(red).png().toBuffer();
    await writeFile(join(folder, 'red one.png'), bytes);
    await writeFile(join(folder, 'secret.txt'), 'hunter2');
    await writeFile(join(outside, 'red.png'), bytes);
    await symlink(join(outside, 'red.png'), join(folder, 'link.png'));
  });
  after(() => Promise.all([folder, outside].map((path) => rm(path, { recursive: true }))));

  test('one below an allowed folder is read, by URL or by path', async () => {
    const path = join(folder, 'red one.png');
    for (const name of [path, pathToFileURL(path).href]) {
      assert.equal((await loadImage(url(name), limits, signal)).source.mediaType, 'image/png');
    }
  });

  test('no way leads out of the allowed folders', async () => {
    await refused(loadImage(url(join(outside, 'red.png')), limits, signal), /only files below/);
    await refused(
      loadImage(url(`${folder}/../${outside.split('/').at(-1)}/red.png`), limits, signal),
      /only files below/,
    );
    await refused(loadImage(url(join(folder, 'link.png')), limits, signal), /only files below/);
    await refused(
      loadImage(url(join(folder, 'red one.png')), { ...limits, fileRoots: [] }, signal),
      /only files below/,
    );
  });

  test('a file that is no image does not leak', async () => {
    await assert.rejects(loadImage(url(join(folder, 'secret.txt')), limits, signal), (error: Error) => {
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    await refused(loadImage(url(folder), { ...limits, fileRoots: [tmpdir()] }, signal), /not a regular file/);
    await refused(loadImage(url(join(folder, 'absent.png')), limits, signal), /no such file/);
  });
});

describe('images on the network', () => {
  let base: string;
  let close: () => Promise<unknown>;
  before(async () => {
    const bytes = await sharp(red).png().toBuffer();
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      if (path === '/red.png') response.setHeader('content-type', 'image/png').end(bytes);
      else if (path === '/moved') response.writeHead(302, { location: '/red.png' }).end();
      else if (path === '/metadata')
        response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
      else if (path === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      else if (path === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (path === '/endless') {
        const more = (): void => {
          while (response.write(Buffer.alloc(64_000)));
          response.once('drain', more);
        };
        more();
      } else if (path === '/silent') response.flushHeaders();
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    };
  });
  after(() => close());
  const open: ImageLimits = {
    ...defaultImageLimits,
    allowLocalNetwork: true,
    maxBytes: 1_000_000,
    fetchTimeoutMs: 300,
  };

  test('one is fetched, a redirect followed', async () => {
    for (const path of ['/red.png', '/moved']) {
      assert.equal((await loadImage(url(base + path), open, signal)).source.mediaType, 'image/png');
    }
  });

  test('a name that leads to this computer counts as this computer', async () => {
    const named = base.replace('127.0.0.1', 'localhost');
    assert.equal((await loadImage(url(`${named}/red.png`), open, signal)).source.mediaType, 'image/png');
    await refused(
      loadImage(url(`${named}/red.png`), { ...open, allowLocalNetwork: false }, signal),
      /does not fetch from/,
    );
    await refused(
      loadImage(url(`${base}/red.png`), { ...open, allowLocalNetwork: false }, signal),
      /does not fetch from/,
    );
  });

  for (const [path, why] of [
    ['/metadata', /does not fetch from 169\.254\.169\.254/],
    ['/file', /file: URLs/],
    ['/loop', /redirects more than/],
    ['/absent', /status 404/],
    ['/endless', /larger than 1 MB/],
    ['/silent', /did not arrive within 0\.3 s/],
  ] as const) {
    test(`${path} is refused`, () => refused(loadImage(url(base + path), open, signal), why));
  }
});
