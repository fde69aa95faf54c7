import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { Home } from './home.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a home folder. Nothing listens on the port that it is told. */
function lingmaProxy(home: Home, ...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const options = {
      cwd: home.computer.home,
      env: { HOME: home.computer.home, USERPROFILE: home.computer.home },
    };
    const child = execFile(process.execPath, [main, ...args], options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('connect shows a diff without secrets and writes it, and off a terminal does not ask; disconnect undoes it', async (t) => {
  const home = new Home(t);
  home.write('.claude/settings.json', '{\n  "env": {\n    "OTHER_TOKEN": "abcdefghijkl"\n  }\n}\n');
  const before = home.tree();
  const args = ['--port', '9', '--api-key', 'key-of-mine', '--model', 'mmodel'];
  const dry = await lingmaProxy(home, 'connect', 'claude-code', '--dry-run', ...args);
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /^\+ {4}"ANTHROPIC_BASE_URL": "http:\/\/127\.0\.0\.1:9",$/m);
  assert.match(dry.stdout, /^\+ {4}"ANTHROPIC_AUTH_TOKEN": "key…",$/m);
  assert.match(dry.stdout, /"OTHER_TOKEN": "abc…"/);
  assert.match(dry.stdout, /No Lingma Proxy answers at http:\/\/127\.0\.0\.1:9/);
  assert.deepEqual(home.tree(), before);

  const connected = await lingmaProxy(home, 'connect', 'claude-code', ...args);
  assert.equal(connected.code, 0, connected.stderr);
  const { env } = JSON.parse(home.read('.claude/settings.json'));
  assert.equal(env.ANTHROPIC_AUTH_TOKEN, 'key-of-mine');
  assert.equal(env.ANTHROPIC_MODEL, 'mmodel');

  const listed = await lingmaProxy(home, 'clients', '--json', '--port', '9');
  const { clients } = JSON.parse(listed.stdout);
  const state = clients.find(({ id }: { id: string }) => id === 'claude-code');
  assert.deepEqual(state.status, { kind: 'here', address: 'http://127.0.0.1:9' });

  const undone = await lingmaProxy(home, 'disconnect', 'claude-code');
  assert.equal(undone.code, 0, undone.stderr);
  assert.deepEqual(home.tree(), before);
  assert.equal((await lingmaProxy(home, 'disconnect', 'claude-code')).code, 1);
});

test('a mistyped client gets the nearest name, and code 2', async (t) => {
  const { code, stderr } = await lingmaProxy(new Home(t), 'connect', 'claud-code');
  assert.equal(code, 2);
  assert.match(stderr, /There is no client "claud-code"\. Did you mean claude-code\?/);
});

test('what has no files of its own gets lines to paste', async (t) => {
  const { code, stdout } = await lingmaProxy(new Home(t), 'connect', 'openai-sdk', '--port', '9');
  assert.equal(code, 0);
  assert.match(stdout, /new OpenAI\(\{ baseURL: 'http:\/\/127\.0\.0\.1:9\/v1', apiKey: 'any' \}\)/);
});
