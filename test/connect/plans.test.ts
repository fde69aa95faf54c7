import assert from 'node:assert/strict';
import { chmodSync, lstatSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyPlan } from '../../src/clients/apply-plan.ts';
import { ConnectError, type ConnectErrorKind } from '../../src/clients/connect-error.ts';
import { clientState, listClients } from '../../src/clients/list-clients.ts';
import { planConnection, planDisconnection } from '../../src/clients/plan.ts';
import { endpoint } from './endpoint.ts';
import { connectorOf, Home } from './home.ts';

const refusedAs = (kind: ConnectErrorKind) => (error: unknown) =>
  error instanceof ConnectError && error.kind === kind;

test('planning changes nothing', async (t) => {
  const home = new Home(t);
  home.write('.codex/config.toml', 'model = "gpt"\n');
  const before = home.tree();
  const plan = await planConnection(connectorOf('codex'), home.computer, endpoint);
  assert.deepEqual(
    plan.files.map(({ before: was, isGenerated }) => [was, isGenerated]),
    [
      ['model = "gpt"\n', false],
      [null, true],
    ],
  );
  assert.deepEqual(home.tree(), before);
});

test('connecting again with another port starts from the files as they were, so that disconnecting still ends there', async (t) => {
  const home = new Home(t);
  home.write('.claude/settings.json', '{"env": {"A": "1"}}');
  const before = home.tree();
  await home.connect('claude-code');
  const again = await home.connect('claude-code');
  assert.deepEqual(again.files, []);
  await home.connect('claude-code', { url: 'http://127.0.0.1:9000', models: [] });
  const text = home.read('.claude/settings.json');
  assert.ok(text.includes('127.0.0.1:9000') && !text.includes('8095') && !text.includes('MAX_CONTEXT'));
  await home.disconnect('claude-code');
  assert.deepEqual(home.tree(), before);
});

test('a choice of model made while connected goes with the connection, as the model does', async (t) => {
  const home = new Home(t);
  home.write('.config/opencode/opencode.json', '{\n  "model": "anthropic/claude"\n}\n');
  await home.connect('opencode');
  const text = home.read('.config/opencode/opencode.json');
  home.write(
    '.config/opencode/opencode.json',
    text.replace('"lingma/kmodel"', '"lingma/mmodel"').replace('{', '{\n  "theme": "dark",'),
  );
  const { notes } = await home.disconnect('opencode');
  assert.deepEqual(JSON.parse(home.read('.config/opencode/opencode.json')), {
    theme: 'dark',
    model: 'anthropic/claude',
  });
  assert.ok(notes.every(({ kind }) => kind !== 'kept'));
});

test('an address that was changed since is kept, and said to be', async (t) => {
  const home = new Home(t);
  await home.connect('claude-code');
  const text = home.read('.claude/settings.json');
  home.write(
    '.claude/settings.json',
    text.replace('http://127.0.0.1:8095', 'https://gateway').replace('"any"', '"theirs"'),
  );
  const { notes } = await home.disconnect('claude-code');
  assert.deepEqual(JSON.parse(home.read('.claude/settings.json')), {
    env: { ANTHROPIC_BASE_URL: 'https://gateway', ANTHROPIC_AUTH_TOKEN: 'theirs' },
  });
  const kept = notes.find((note) => note.kind === 'kept');
  assert.deepEqual(kept?.kind === 'kept' && [...kept.keys].sort(), [
    'env.ANTHROPIC_AUTH_TOKEN',
    'env.ANTHROPIC_BASE_URL',
  ]);
});

test('a file that was removed since stays removed', async (t) => {
  const home = new Home(t);
  home.write('.claude/settings.json', '{}');
  await home.connect('claude-code');
  rmSync(home.path('.claude/settings.json'));
  await home.disconnect('claude-code');
  assert.ok(!home.exists('.claude/settings.json'));
});

test('a file that is not valid any more is left alone, and where the old one is kept is said', async (t) => {
  const home = new Home(t);
  home.write('.claude/settings.json', '{}');
  await home.connect('claude-code');
  home.write('.claude/settings.json', '{ "env": ');
  await assert.rejects(home.disconnect('claude-code'), (error) => {
    assert.ok(
      refusedAs('invalid')(error) && error instanceof Error && error.message.includes('claude-code.json'),
    );
    return true;
  });
  assert.equal(home.read('.claude/settings.json'), '{ "env": ');
});

test('who was not connected cannot be disconnected', async (t) => {
  const home = new Home(t);
  await assert.rejects(planDisconnection(connectorOf('codex'), home.computer), refusedAs('not-connected'));
});

test('a link stays a link, and a mode the mode', { skip: process.platform === 'win32' }, async (t) => {
  const home = new Home(t);
  home.write('dotfiles/claude.json', '{}');
  chmodSync(home.path('dotfiles/claude.json'), 0o640);
  mkdirSync(home.path('.claude'));
  symlinkSync(home.path('dotfiles/claude.json'), home.path('.claude/settings.json'));
  await home.connect('claude-code');
  assert.ok(lstatSync(home.path('.claude/settings.json')).isSymbolicLink());
  assert.match(home.read('dotfiles/claude.json'), /ANTHROPIC_BASE_URL/);
  assert.equal(statSync(home.path('dotfiles/claude.json')).mode & 0o777, 0o640);
  await home.disconnect('claude-code');
  assert.equal(home.read('dotfiles/claude.json'), '{}');
  assert.ok(lstatSync(home.path('.claude/settings.json')).isSymbolicLink());
});

test('new files and the record are for their user only', {
  skip: process.platform === 'win32',
}, async (t) => {
  const home = new Home(t);
  await home.connect('codex');
  const files = Object.entries(home.tree()).filter(([, text]) => text !== '(folder)');
  assert.equal(files.length, 3);
  for (const [path] of files) assert.equal(statSync(home.path(path)).mode & 0o777, 0o600, path);
});

const obstacles: readonly (readonly [string, ConnectErrorKind, (home: Home) => void])[] = [
  [
    'a folder stands where the file should be',
    'unreadable',
    (home) => mkdirSync(home.path('.claude/settings.json'), { recursive: true }),
  ],
  ['a file stands where the folder should be', 'unreadable', (home) => home.write('.claude', '')],
  [
    'the file is not text',
    'unreadable',
    (home) => {
      home.write('.claude/settings.json', '');
      writeFileSync(home.path('.claude/settings.json'), Buffer.from([0x7b, 0xff, 0xfe, 0x7d]));
    },
  ],
  ['the file is not JSON', 'invalid', (home) => home.write('.claude/settings.json', '{ "env": { }')],
  ['env is a text', 'unexpected', (home) => home.write('.claude/settings.json', '{ "env": "A=1" }')],
  [
    'the file is a link to nowhere',
    'unreadable',
    (home) => {
      mkdirSync(home.path('.claude'));
      symlinkSync(home.path('nowhere'), home.path('.claude/settings.json'));
    },
  ],
];
for (const [name, kind, prepare] of obstacles) {
  test(`where ${name}, nothing is touched, and why is said`, async (t) => {
    const home = new Home(t);
    prepare(home);
    const before = lstatSync(home.path('.claude')).mtimeMs;
    await assert.rejects(home.connect('claude-code'), (error) => {
      assert.ok(refusedAs(kind)(error) && error instanceof Error && error.message.includes('.claude'));
      return true;
    });
    assert.equal(lstatSync(home.path('.claude')).mtimeMs, before);
    assert.ok(!home.exists('.local'));
    const state = await clientState(connectorOf('claude-code'), home.computer, endpoint);
    assert.ok(kind === 'unexpected' || state.status.kind === 'unreadable');
  });
}

test('when the second file cannot be written, the first is put back and no record is left', async (t) => {
  const home = new Home(t);
  home.write('.codex/config.toml', '# mine\n');
  const before = home.tree();
  const plan = await planConnection(connectorOf('codex'), home.computer, endpoint);
  const [config, catalog] = plan.files;
  assert.ok(config && catalog);
  // A name that a file may have, but not the longer one under which it is written at first.
  const files = [config, { ...catalog, path: home.path('.codex', 'x'.repeat(250)) }];
  await assert.rejects(applyPlan({ ...plan, files }, home.computer), refusedAs('unwritable'));
  assert.deepEqual(home.tree(), before);
});

test('a file that changes between plan and writing is not overwritten', async (t) => {
  const home = new Home(t);
  home.write('.claude/settings.json', '{}');
  const plan = await planConnection(connectorOf('claude-code'), home.computer, endpoint);
  home.write('.claude/settings.json', '{"new": true}');
  await assert.rejects(applyPlan(plan, home.computer), refusedAs('changed-meanwhile'));
  assert.equal(home.read('.claude/settings.json'), '{"new": true}');
});

test('the list tells what is installed, where it points, and what can be undone', async (t) => {
  const home = new Home(t, { PATH: '' });
  home.write('.local/bin/hermes', '');
  home.write(
    '.npm-global/lib/node_modules/@openai/codex/package.json',
    '{"name": "@openai/codex", "version": "0.169.0"}',
  );
  home.write('.npm-global/lib/node_modules/@openai/codex/bin/codex.js', '');
  mkdirSync(home.path('.npm-global/bin'));
  symlinkSync('../lib/node_modules/@openai/codex/bin/codex.js', home.path('.npm-global/bin/codex'));
  home.write(
    '.codex/config.toml',
    'model_provider = "o"\n[model_providers.o]\nbase_url = "http://localhost:11434/v1"\n',
  );
  home.write('.claude/settings.json', '{"env": {"ANTHROPIC_BASE_URL": "http://localhost:8095/"}}');
  await home.connect('hermes');
  const states = await listClients(home.computer, endpoint);
  const shown = (id: string) => {
    const state = states.find((one) => one.id === id);
    return [state?.installed, state?.status.kind, state?.canDisconnect];
  };
  assert.deepEqual(shown('codex'), [{ version: '0.169.0' }, 'elsewhere', false]);
  assert.deepEqual(shown('hermes'), [{ version: undefined }, 'here', true]);
  assert.deepEqual(shown('claude-code').slice(1), ['here', false]);
  assert.deepEqual(shown('qwen-code'), [undefined, 'not-connected', false]);
});
