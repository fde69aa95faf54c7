import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { type PackageTarget, packagedExtension } from './packaged-extension.ts';

/** What the packaged code runs on. */
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;

/** The unpacked package, far from this project's own packages. */
function unpacked(context: TestContext, target: PackageTarget): string {
  const folder = mkdtempSync(join(tmpdir(), 'lingma-vsix-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(unzipSync(readFileSync(packagedExtension(target))))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return join(folder, 'extension');
}

/** Both are looked into by the packaging itself, which fails for a file too much, one too few, or another platform's code. */
for (const target of ['this-computer', 'universal'] as const) {
  describe(`the .vsix for ${target}`, () => {
    test('it reads images with what it holds', (context) => {
      const program = `
        const sharp = require('./node_modules/sharp');
        const red = { create: { width: 8, height: 6, channels: 3, background: 'red' } };
        sharp(red).jpeg().toBuffer().then((jpeg) => sharp(jpeg).resize(4).png().toBuffer({ resolveWithObject: true }))
          .then(({ info }) => console.log(JSON.stringify({ ...info, wasm: 'emscripten' in sharp.versions })));`;
      const { stdout, stderr } = spawnSync(node, ['-e', program], {
        cwd: join(unpacked(context, target), 'dist'),
        encoding: 'utf8',
      });
      assert.equal(stderr, '');
      const { width, height, wasm } = z
        .object({ width: z.number(), height: z.number(), wasm: z.boolean() })
        .parse(JSON.parse(stdout));
      assert.deepEqual({ width, height, wasm }, { width: 4, height: 3, wasm: target === 'universal' });
    });

    test('its command line starts without anything else', (context) => {
      const folder = unpacked(context, target);
      const { stdout } = spawnSync(node, [join(folder, 'dist', 'cli.js'), '--version'], { encoding: 'utf8' });
      const manifest = z
        .object({ version: z.string() })
        .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
      assert.equal(stdout.trim(), manifest.version);
    });

    test('it names every package in it, with its licence', (context) => {
      const folder = unpacked(context, target);
      const notices = readFileSync(join(folder, 'dist', 'THIRD_PARTY_NOTICES.txt'), 'utf8');
      for (const name of ['fastify', 'zod', 'sharp', 'detect-libc']) {
        assert.match(notices, new RegExp(`^${name} \\d[^\\n]*\\n=+\\nLicence: `, 'm'));
      }
    });
  });
}

test('the package ships the image library that the tests run with', () => {
  const version = (file: string) =>
    z
      .object({ dependencies: z.object({ sharp: z.string() }) })
      .parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8'))).dependencies
      .sharp;
  assert.equal(version('packaging/images/package.json'), version('package.json'));
});
