import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startClient } from '../clients/client-run.ts';
import { commandLine, pictureThatArrives, scaledDown } from '../packaging/scaled-picture.ts';
import { runNpm } from '../toolchain/node.mjs';

// `npm run build` comes before.
const root = join(import.meta.dirname, '..', '..');
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim();
const folder = mkdtempSync(join(tmpdir(), 'lingma-npm-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stderr}`);
  return stdout;
}

function npm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = runNpm(args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `npm ${args.join(' ')}\n${stderr}`);
  return String(stdout);
}

describe('the npm package', () => {
  let archive: string;
  const installed = join(folder, 'installed');
  before(() => {
    archive = run(process.execPath, ['packaging/npm-package.mjs', folder], root).trim();
    mkdirSync(installed);
    // No network and nothing from a cache: all but the library for images has to be in the package.
    const alone = ['--offline', '--cache', join(folder, 'no-cache'), '--no-audit', '--no-fund'];
    npm(['install', ...alone, archive], installed);
  });

  test('holds the command line and nothing of the extension, the tests or this computer', () => {
    assert.equal(archive, join(folder, `lingma-proxy-${version}.tgz`));
    const place = join(installed, 'node_modules', 'lingma-proxy');
    const {
      private: isPrivate,
      bin,
      dependencies,
      scripts,
    } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    assert.deepEqual([isPrivate, dependencies, scripts], [undefined, undefined, undefined]);
    assert.deepEqual(bin, { 'lingma-proxy': 'dist/cli.js' });
    const files = readdirSync(join(place, 'dist'));
    for (const file of ['cli.js', 'proxy.js', 'simulator.js', 'metrics.js', 'THIRD_PARTY_NOTICES.txt']) {
      assert.ok(files.includes(file), file);
    }
    assert.ok(!files.includes('extension.js'));
    assert.deepEqual(readdirSync(place).toSorted(), ['LICENSE', 'README.md', 'dist', 'package.json']);
  });

  test('installs without a network into an empty folder, and runs as npx runs it', async () => {
    assert.deepEqual(
      readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.')),
      ['lingma-proxy'],
    );
    const command = join(installed, 'node_modules', '.bin', 'lingma-proxy');
    assert.equal(run(node, [command, '--version'], installed), `${version}\n`);
    assert.match(
      npm(['exec', '--offline', '--', 'lingma-proxy', '--version'], installed),
      /^\d+\.\d+\.\d+\n$/m,
    );

    const demo = startClient(node, [command, '--demo', '--port', '0'], {
      cwd: installed,
      env: { HOME: installed },
    });
    await demo.prints('Serving until Ctrl+C.');
    demo.signal('SIGTERM');
    const { code, stdout } = await demo.ended;
    assert.equal(code, 0);
    assert.equal(stdout.split('Hello from the simulated Lingma').length - 1, 3);
  });
});

test('installed with the image library from the registry, the npm package scales a large picture down', async (context) => {
  const place = join(folder, 'with-images');
  mkdirSync(place);
  const archive = run(process.execPath, ['packaging/npm-package.mjs', place], root).trim();
  npm(['install', '--no-audit', '--no-fund', archive], place);
  if (!existsSync(join(place, 'node_modules', 'sharp'))) {
    return context.skip('the npm registry does not give the image library');
  }
  const arrived = await pictureThatArrives(
    commandLine([node, join(place, 'node_modules', '.bin', 'lingma-proxy')]),
  );
  assert.deepEqual(arrived, scaledDown);
});

describe('the Dockerfile', () => {
  test('lets into the build all that it reads, and no more than it says', () => {
    const context = join(folder, 'context');
    const patterns = readFileSync(join(root, 'deploy', 'Dockerfile.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual([patterns[0], patterns.at(-1)], ['*', '**/node_modules']);
    for (const pattern of patterns.slice(1, -1)) {
      assert.match(pattern, /^![\w./-]+$/);
      const path = pattern.slice(1);
      assert.ok(existsSync(join(root, path)), path);
      cpSync(join(root, path), join(context, path), { recursive: true });
    }
    for (const path of ['.git', '.cache', 'docs', 'deploy'])
      assert.ok(!existsSync(join(context, path)), path);
    symlinkSync(join(root, 'node_modules'), join(context, 'node_modules'));
    // Its commands, in order, but for the installation of what is installed here.
    run(process.execPath, ['esbuild.mjs'], context);
    const archive = run(process.execPath, ['packaging/npm-package.mjs', join(folder, 'out')], context).trim();
    assert.ok(lstatSync(archive).size > 100_000);
  });

  test('starts what the package holds, as nobody in particular, with a sign of life', () => {
    const lines = readFileSync(join(root, 'deploy', 'Dockerfile'), 'utf8')
      .replaceAll('\\\n', ' ')
      .split('\n');
    const of = (instruction: string) =>
      lines.findLast((line) => line.startsWith(`${instruction} `))?.slice(instruction.length + 1) ??
      assert.fail(`no ${instruction}`);
    const entry: string[] = JSON.parse(of('ENTRYPOINT'));
    assert.deepEqual(entry, ['node', '/app/node_modules/lingma-proxy/dist/cli.js']);
    assert.match(of('USER'), /^[1-9]\d*:[1-9]\d*$/);
    const check: string[] = JSON.parse(of('HEALTHCHECK').replace(/^.*?CMD /, ''));
    // Nothing listens at that port.
    const { status, stderr } = spawnSync(node, check.slice(1), {
      encoding: 'utf8',
      env: { ...process.env, LINGMA_PROXY_PORT: '1' },
    });
    assert.deepEqual([status, stderr], [1, '']);
    for (const line of lines) assert.doesNotMatch(line, /credentials|api[_-]key/i);
  });
});
