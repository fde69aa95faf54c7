import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const dist = join(import.meta.dirname, '..', '..', 'dist');

test('what a start loads is ASCII, so that its source takes a byte a character', (context) => {
  if (!existsSync(dist)) return context.skip('nothing has been built');
  for (const name of [
    'cli',
    'detached',
    'extension',
    'launch-proxy',
    'proxy',
    'zod',
    'undici',
    'ws',
    'jsonrpc',
  ]) {
    const [wide] = /.{0,40}\P{ASCII}.{0,40}/u.exec(readFileSync(join(dist, `${name}.js`), 'utf8')) ?? [];
    assert.equal(wide, undefined, `${name}.js: ${wide}`);
  }
});

test('no start loads what Intl knows of numbers and dates, which takes 20 ms and 8 MB', (context) => {
  if (!existsSync(dist)) return context.skip('nothing has been built');
  for (const name of ['cli', 'detached', 'extension', 'launch-proxy', 'load-editor-settings', 'proxy']) {
    assert.doesNotMatch(readFileSync(join(dist, `${name}.js`), 'utf8'), /Intl\.(?!PluralRules)/, name);
  }
});

/** Says what had been read when the program said its first line, and ends it. */
const saysWhatWasRead = `
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => write(JSON.stringify(Object.keys(require.cache)), () => process.exit());
  require(process.argv[1]);
`;

test('the command line reads itself and the proxy before it listens, and nothing else', async (context) => {
  if (!existsSync(dist)) return context.skip('nothing has been built');
  const home = mkdtempSync(join(tmpdir(), 'start-'));
  context.after(() => rmSync(home, { recursive: true }));
  const { stdout } = await run(
    process.execPath,
    ['-e', saysWhatWasRead, join(dist, 'cli.js'), '--port', '0'],
    {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home },
    },
  );
  const read = (JSON.parse(stdout) as string[]).map((file) => basename(file));
  assert.deepEqual(read.sort(), ['cli.js', 'proxy.js']);
});
