import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { removeAbandonedImages } from '../../../src/backends/ipc/abandoned-images.ts';
import { findImageMessage, imageUri, storeImages } from '../../../src/backends/ipc/images.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { Image, Message } from '../../../src/core/turn.ts';
import { assistant, makeTurn, user } from './make-turn.ts';

function image(data: string, mediaType = 'image/png'): Image {
  return { type: 'image', source: { kind: 'base64', mediaType, data } };
}

function pathOf(uri: string): string {
  return decodeURIComponent(uri.split('?path=')[1] ?? '');
}

describe('images', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ipc-images-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('have a URI by whose runtime reads them', () => {
    assert.equal(imageUri('qoder', '/tmp/a b.png'), 'qodercn:///agent/file?path=%2Ftmp%2Fa%20b.png');
    assert.equal(imageUri('lingma', 'C:\\x.png'), 'lingma:///agent/file?path=C%3A%5Cx.png');
  });

  it('count when they are in the last user message that bears some, tool results included', () => {
    const last: Message = {
      role: 'user',
      content: [{ type: 'tool-result', callId: '1', content: [{ type: 'text', text: 'x' }, image('Ag==')] }],
    };
    const turn = makeTurn({
      messages: [{ role: 'user', content: [image('AQ==')] }, assistant('a'), last, user('and now?')],
    });
    const found = findImageMessage(turn);
    assert.equal(found?.message, last);
    assert.deepEqual(found?.images, [image('Ag==')]);
  });

  it('are nothing to store when there are none', async () => {
    assert.equal(await storeImages(makeTurn(), folder), undefined);
  });

  it('are private files, named in blocks with bare base64, and gone afterwards', async () => {
    const content = [image('AQID'), image('BAUG', 'image/jpeg')];
    const stored = await storeImages(makeTurn({ messages: [{ role: 'user', content }] }), folder);
    assert.ok(stored);
    const blocks = stored.blocks('lingma');
    assert.deepEqual(
      blocks.map(({ type, mimeType, data }) => [type, mimeType, data]),
      [
        ['image', 'image/png', 'AQID'],
        ['image', 'image/jpeg', 'BAUG'],
      ],
    );
    const [first, second] = blocks.map((block) => pathOf(block.uri));
    assert.ok(first !== undefined && second !== undefined);
    assert.ok(first.endsWith('.png'));
    assert.ok(second.endsWith('.jpg'));
    assert.deepEqual([...(await readFile(first))], [1, 2, 3]);
    if (process.platform !== 'win32') {
      assert.equal((await stat(first)).mode & 0o777, 0o600);
      assert.equal((await stat(dirname(first))).mode & 0o777, 0o700);
    }
    assert.ok(stored.blocks('qoder')[0]?.uri.startsWith('qodercn:///'));
    await stored.remove();
    assert.deepEqual(await readdir(folder), []);
  });

  it('that are links are refused by name', async () => {
    const link: Image = { type: 'image', source: { kind: 'url', url: 'https://example.test/a.png' } };
    await assert.rejects(
      storeImages(makeTurn({ messages: [{ role: 'user', content: [link] }] }), folder),
      (error) =>
        error instanceof ProxyError &&
        error.kind === 'unsupported-feature' &&
        error.message.includes('https://example.test/a.png'),
    );
    assert.deepEqual(await readdir(folder), []);
  });

  it('of a process that was killed go a day later, and nothing else does', async () => {
    const parent = await mkdtemp(join(folder, 'abandoned-'));
    const elsewhere = await mkdtemp(join(folder, 'elsewhere-'));
    await writeFile(join(elsewhere, 'kept'), '');
    const dayAgo = new Date(Date.now() - 25 * 60 * 60 * 1_000);
    for (const name of ['lingma-proxy-images-old', 'lingma-proxy-images-new', 'another-old']) {
      await mkdir(join(parent, name));
      await writeFile(join(parent, name, 'image-1.png'), '');
    }
    await symlink(elsewhere, join(parent, 'lingma-proxy-images-link'));
    await writeFile(join(parent, 'lingma-proxy-images-file'), '');
    for (const name of ['lingma-proxy-images-old', 'another-old', 'lingma-proxy-images-file']) {
      await utimes(join(parent, name), dayAgo, dayAgo);
    }
    await utimes(elsewhere, dayAgo, dayAgo);
    await removeAbandonedImages(parent);
    assert.deepEqual((await readdir(parent)).toSorted(), [
      'another-old',
      'lingma-proxy-images-file',
      'lingma-proxy-images-link',
      'lingma-proxy-images-new',
    ]);
    assert.deepEqual(await readdir(elsewhere), ['kept']);
  });

  it('of a folder that cannot be read are nobody’s trouble', async () => {
    await removeAbandonedImages(join(folder, 'missing'));
  });
});
