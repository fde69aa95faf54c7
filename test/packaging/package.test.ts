import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import { z } from 'zod';
import { packageProblems } from '../../packaging/check-package.mjs';
import { withoutRelativeLinks } from '../../packaging/gallery-page.mjs';
import { machineOf } from '../../packaging/machine-code.mjs';
import { targetNamed, targetOfThisComputer } from '../../packaging/targets.mjs';
import { packagedExtension } from '../vscode/packaged-extension.ts';
import { commandLine, pictureThatArrives, scaledDown } from './scaled-picture.ts';

// `npm run build` comes before.
const root = join(import.meta.dirname, '..', '..');
/** What the packaged code runs on. */
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim();
const folder = mkdtempSync(join(tmpdir(), 'lingma-packages-'));
after(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, Uint8Array>>;
const filesOf = (vsix: string): Files => unzipSync(readFileSync(vsix));

/** Unpacks it far from this project's own packages, and returns the extension's folder. */
function unpack(name: string, files: Files): string {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return join(folder, name, 'extension');
}

/** Packages for `target` into a folder of its own, and returns the folder. */
function packageInto(name: string, options: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out = join(folder, name);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'packaging', 'package.mjs'), '--out', out, ...options],
    { encoding: 'utf8', env: { ...process.env, ...env } },
  );
  assert.equal(status, 0, stdout + stderr);
  return out;
}

for (const name of ['this-computer', 'universal'] as const) {
  describe(`the .vsix for ${name}`, () => {
    let vsix: string;
    let files: Files;
    let unpacked: string;
    before(() => {
      vsix = packagedExtension(name);
      files = filesOf(vsix);
      unpacked = unpack(name, files);
    });

    test('reads images with what it holds', () => {
      const program = `
        const sharp = require('./node_modules/sharp');
        const red = { create: { width: 8, height: 6, channels: 3, background: 'red' } };
        sharp(red).jpeg().toBuffer().then((jpeg) => sharp(jpeg).resize(4).png().toBuffer({ resolveWithObject: true }))
          .then(({ info }) => console.log(JSON.stringify({ ...info, wasm: 'emscripten' in sharp.versions })));`;
      const { stdout, stderr } = spawnSync(node, ['-e', program], {
        cwd: join(unpacked, 'dist'),
        encoding: 'utf8',
      });
      assert.equal(stderr, '');
      const { width, height, wasm } = z
        .object({ width: z.number(), height: z.number(), wasm: z.boolean() })
        .parse(JSON.parse(stdout));
      assert.deepEqual({ width, height, wasm }, { width: 4, height: 3, wasm: name === 'universal' });
    });

    test('its command line starts without anything else, and scales a large picture down', async () => {
      const cli = join(unpacked, 'dist', 'cli.js');
      assert.equal(spawnSync(node, [cli, '--version'], { encoding: 'utf8' }).stdout.trim(), version);
      const arrived = await pictureThatArrives(commandLine([node, cli]));
      assert.deepEqual(arrived, scaledDown);
    });

    test('names every package in it, with its licence; the bill of materials names the same', () => {
      const notices = readFileSync(join(unpacked, 'dist', 'THIRD_PARTY_NOTICES.txt'), 'utf8');
      const licensed = [...notices.matchAll(/^(\S+) (\d\S*)\n=+\nLicence: \S/gm)].map(
        ([, title, number]) => `${title}@${number}`,
      );
      for (const title of ['fastify', 'zod', 'lit', '@vscode/codicons', 'sharp', 'detect-libc']) {
        assert.ok(
          licensed.some((each) => each.startsWith(`${title}@`)),
          title,
        );
      }
      const bill = z
        .object({ components: z.array(z.object({ name: z.string(), version: z.string() })) })
        .parse(JSON.parse(readFileSync(join(dirname(vsix), `lingma-proxy-${version}.cdx.json`), 'utf8')));
      const listed = bill.components.map((each) => `${each.name}@${each.version}`);
      assert.deepEqual(listed.toSorted(), licensed.toSorted());
    });

    test('its pages lead nowhere where nothing is', () => {
      for (const page of ['readme.md', 'changelog.md']) {
        const text = readFileSync(join(unpacked, page), 'utf8');
        assert.equal(text, withoutRelativeLinks(text));
        assert.doesNotMatch(text, /\]\((?!https?:|#)/);
      }
    });
  });
}

describe('the look into a package', () => {
  const target = targetOfThisComputer();
  let files: Files;
  const having = (changes: Readonly<Record<string, Uint8Array | undefined>>) => {
    const changed = Object.entries({ ...files, ...changes }).filter(([, content]) => content !== undefined);
    return packageProblems(target, Object.fromEntries(changed), 1_000).join('\n');
  };
  before(() => {
    files = filesOf(packagedExtension());
  });

  test('finds nothing wrong with what is packaged', () => assert.equal(having({}), ''));

  test('finds a file that nobody expects, and one that is missing', () => {
    assert.match(having({ 'extension/dist/left-over.js': new Uint8Array(1) }), /left-over\.js is new in it/);
    assert.match(having({ 'extension/media/.DS_Store': new Uint8Array(1) }), /\.DS_Store is new in it/);
    assert.match(having({ 'extension/dist/proxy.js': undefined }), /proxy\.js is missing/);
  });

  test('finds the image library of another platform, whatever it is called', () => {
    for (const [name, code] of Object.entries(files)) {
      if (machineOf(code) !== undefined) {
        assert.match(having({ [name]: undefined }), /there is no machine code in @img/);
      }
    }
    const strange = new Uint8Array(64);
    // The beginning of an ELF file, and its field that names the processor: RISC-V.
    strange.set([0x7f, 0x45, 0x4c, 0x46]);
    strange.set([0xf3, 0], 18);
    const elsewhere = 'extension/dist/node_modules/sharp/data.bin';
    assert.match(having({ [elsewhere]: strange }), /data\.bin is for linux-other/);
    const other = 'extension/dist/node_modules/@img/sharp-plan9-x64/package.json';
    assert.match(having({ [other]: new Uint8Array(1) }), /its packages are .*sharp-plan9-x64/);
  });

  test('finds a package that says to be for another platform, one too large, and the builder’s own folders', () => {
    assert.match(packageProblems(targetNamed('universal'), files, 1_000).join('\n'), /it says to be for/);
    assert.match(packageProblems(target, files, 12_000_001).join('\n'), /more than 12000000/);
    const leak = new TextEncoder().encode(`// ${join(root, 'src')}`);
    assert.match(having({ 'extension/dist/demo.js': leak }), /demo\.js names a folder of the computer/);
  });
});

test('the same contents make the same packages, in another time zone, language and minute', () => {
  const first = dirname(packagedExtension());
  const away = { TZ: 'Pacific/Kiritimati', LANG: 'zh_CN.UTF-8', LC_ALL: 'zh_CN.UTF-8' };
  const second = packageInto('again', ['--target', 'this-computer'], away);
  assert.deepEqual(readdirSync(second).toSorted(), readdirSync(first).toSorted());
  const sums = (place: string) => readFileSync(join(place, 'SHA256SUMS'), 'utf8');
  assert.equal(sums(second), sums(first));
});

test('with a repository the pages of the galleries have its pictures and links, as of the tag', () => {
  const url = 'https://github.com/someone/lingma-proxy';
  const made = packageInto('published', ['--target', 'universal', '--repository', url, '--ref', 'v1.2.3']);
  const files = filesOf(join(made, `lingma-proxy-${version}-universal.vsix`));
  const text = (name: string) => strFromU8(files[name] ?? assert.fail(name));
  const readme = text('extension/readme.md');
  assert.doesNotMatch(readme, /\]\((?!https?:|#)/);
  for (const [, address] of readme.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)) {
    assert.ok(address?.startsWith(`${url}/raw/v1.2.3/docs/images/`), address);
  }
  const { repository, bugs } = JSON.parse(text('extension/package.json'));
  assert.deepEqual([repository, bugs], [{ type: 'git', url: `${url}.git` }, { url: `${url}/issues` }]);
  assert.match(text('extension.vsixmanifest'), /Links\.Support" Value="https:\/\/github\.com\/someone/);
});

test('links and pictures that lead out of a page stay, others become text or go', () => {
  const page =
    '[中文](README.zh-CN.md)\n\nSee [docs](docs/a.md), [there](https://a.example), [below](#b).\n\n![A](docs/a.png)\n\n<img src="b.png">\n';
  assert.equal(withoutRelativeLinks(page), '\n\nSee docs, [there](https://a.example), [below](#b).\n\n');
});

test('the package ships the image library that the tests run with', () => {
  const numberIn = (file: string) =>
    z
      .object({ dependencies: z.object({ sharp: z.string() }) })
      .parse(JSON.parse(readFileSync(join(root, file), 'utf8'))).dependencies.sharp;
  assert.equal(numberIn('packaging/images/package.json'), numberIn('package.json'));
});
