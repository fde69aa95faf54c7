import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { changelogProblems } from '../../packaging/changelog.mjs';

const packaging = join(import.meta.dirname, '..', '..', 'packaging');

const lock = (version: string) =>
  JSON.stringify(
    {
      name: 'one',
      version,
      lockfileVersion: 3,
      packages: { '': { name: 'one', version }, 'node_modules/two': { version: '0.9.0' } },
    },
    undefined,
    2,
  );
const manifest = (version: string, scripts: Readonly<Record<string, string>>) =>
  JSON.stringify({ name: 'one', version, scripts }, undefined, 2);
const unreleased =
  '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.9.0] - 2026-01-31\n\n### Fixed\n\n- Another.\n';
const passing = { check: 'node -e 0', test: 'node -e 0', package: 'node -e 0' };

interface Project {
  readonly folder: string;
  write(files: Readonly<Record<string, string>>): void;
  read(file: string): string;
  commit(): void;
  /** Runs one of the scripts; what it printed, and its exit code. */
  run(
    script: 'release-check' | 'release-prepare' | 'release-notes',
    ...args: string[]
  ): { code: number | null; text: string };
}

/** A repository of its own, committed, of a project whose version 1.0.0 is not yet released. */
function project(context: TestContext, scripts: Readonly<Record<string, string>> = passing): Project {
  const folder = mkdtempSync(join(tmpdir(), 'lingma-release-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const git = (...args: string[]) => {
    const identity = [
      '-c',
      'user.name=Ann',
      '-c',
      'user.email=ann@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };
  const made: Project = {
    folder,
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), text);
      }
    },
    read: (file) => readFileSync(join(folder, file), 'utf8'),
    commit() {
      git('add', '--all');
      git('commit', '--quiet', '--message', 'A change');
    },
    run(script, ...args) {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(packaging, `${script}.mjs`), ...args],
        { cwd: folder, encoding: 'utf8' },
      );
      return { code: status, text: stdout + stderr };
    },
  };
  git('init', '--quiet');
  made.write({
    VERSION: '1.0.0\n',
    'package.json': manifest('1.0.0', scripts),
    'package-lock.json': lock('1.0.0'),
    'CHANGELOG.md': unreleased,
    'docs/install.md':
      'Run `npm install ./lingma-proxy-1.0.0.tgz`, or take lingma-proxy-1.0.0-linux-x64.vsix.\n',
    'deploy/kubernetes/base/kustomization.yaml': 'images:\n  - name: lingma-proxy\n    newTag: "1.0.0"\n',
  });
  made.commit();
  return made;
}

describe('release:prepare', () => {
  test('dates what is unreleased and sets the version wherever it stands; then everything passes', (context) => {
    const { run, read, commit } = project(context);
    const { code, text } = run('release-prepare', '1.1.0');
    assert.equal(code, 0, text);
    const today = new Date().toISOString().slice(0, 10);
    assert.match(
      read('CHANGELOG.md'),
      new RegExp(`## \\[Unreleased\\]\\n\\n## \\[1\\.1\\.0\\] - ${today}\\n\\n### Added\\n\\n- A thing`),
    );
    assert.equal(read('VERSION'), '1.1.0\n');
    assert.equal(read('package.json'), manifest('1.1.0', passing));
    assert.equal(read('package-lock.json'), lock('1.1.0'));
    assert.match(read('docs/install.md'), /lingma-proxy-1\.1\.0\.tgz.*lingma-proxy-1\.1\.0-linux-x64\.vsix/);
    assert.match(read('deploy/kubernetes/base/kustomization.yaml'), /newTag: "1\.1\.0"/);
    commit();
    const checked = run('release-check', '--tag', 'v1.1.0');
    assert.equal(checked.code, 0, checked.text);
    assert.match(checked.text, /1\.1\.0 can be released/);
    assert.equal(run('release-notes', '1.1.0').text, '### Added\n\n- A thing.\n');
  });

  test('the version that stands in the files, when nothing of it is released yet, is dated only', (context) => {
    const { run, read } = project(context);
    assert.equal(run('release-prepare', '1.0.0').code, 0);
    assert.match(read('CHANGELOG.md'), /## \[1\.0\.0\] - \d/);
    assert.equal(read('VERSION'), '1.0.0\n');
  });

  for (const [what, version, files, said] of [
    ['no version', '', {}, /npm run release:prepare 1\.2\.3/],
    ['a version that is not newer', '0.9.0', {}, /0\.9\.0 is not newer than 0\.9\.0/],
    ['a change that is not committed', '1.1.0', { 'new.txt': '' }, /Commit first.*new\.txt/s],
    [
      'nothing unreleased',
      '1.1.0',
      { 'CHANGELOG.md': '## [Unreleased]\n' },
      /nothing under "## \[Unreleased\]"/,
    ],
  ] as const) {
    test(`with ${what} nothing is changed, and it says what to do`, (context) => {
      const { run, read, write } = project(context);
      write(files);
      const { code, text } = run('release-prepare', version);
      assert.equal(code, 1);
      assert.match(text, /Nothing was changed/);
      assert.match(text, said);
      assert.equal(read('VERSION'), '1.0.0\n');
    });
  }
});

describe('release:check', () => {
  test('names each step, and with --skip-tests runs none that takes long', (context) => {
    const failing = {
      check: 'node -e "process.exit(1)"',
      test: 'node -e "process.exit(1)"',
      package: 'node -e "process.exit(1)"',
    };
    const { run, commit } = project(context, failing);
    run('release-prepare', '1.0.0');
    commit();
    const { code, text } = run('release-check', '--skip-tests');
    assert.equal(code, 0, text);
    const steps = [...text.matchAll(/^(ok|skipped) +(\w+)/gm)].map(([, result, name]) => `${name} ${result}`);
    assert.deepEqual(steps, [
      ...['version ok', 'tag ok', 'changelog ok', 'tree ok'],
      ...['check skipped', 'tests skipped', 'packages skipped'],
    ]);
  });

  for (const script of ['check', 'test', 'package'] as const) {
    test(`fails with "npm ${script}", and then goes no further`, (context) => {
      const { run, commit } = project(context, { ...passing, [script]: 'node -e "process.exit(3)"' });
      run('release-prepare', '1.0.0');
      commit();
      const { code, text } = run('release-check');
      assert.equal(code, 1);
      assert.match(text, new RegExp(`^FAILED .*npm (run )?${script}`, 'm'));
      if (script === 'check') assert.match(text, /^skipped +tests/m);
    });
  }

  for (const [what, files, args, said] of [
    [
      'an entry that has no date',
      {},
      [],
      /FAILED +changelog.*no entry "## \[1\.0\.0\].*release:prepare 1\.0\.0/s,
    ],
    [
      'a version that is out of step',
      { 'package.json': manifest('1.0.1', passing) },
      [],
      /FAILED +version +package\.json:3 says 1\.0\.1/,
    ],
    [
      'an old file name in a page',
      { 'docs/install.md': 'lingma-proxy-0.9.0.tgz\n' },
      [],
      /docs\/install\.md:1 says 0\.9\.0/,
    ],
    ['a tag of another version', {}, ['--tag', 'v1.0.1'], /FAILED +tag +The tag v1\.0\.1 is not v1\.0\.0/],
    ['a tag that is none of a version', {}, ['--tag', '1.0.0'], /FAILED +tag/],
    ['a file that is not committed', { 'left.txt': '' }, [], /FAILED +tree.*left\.txt/s],
  ] as const) {
    test(`refuses ${what}, and runs nothing`, (context) => {
      const { run, write } = project(context);
      write(files);
      const { code, text } = run('release-check', ...args);
      assert.equal(code, 1);
      assert.match(text, said);
      assert.match(text, /^skipped +tests/m);
    });
  }

  test('a tag with a suffix packages what is not released yet', (context) => {
    const { run } = project(context);
    const { code, text } = run('release-check', '--tag', 'v1.0.0-rc.1', '--skip-tests');
    assert.equal(code, 0, text);
    assert.equal(run('release-notes', '1.0.0').text, '### Added\n\n- A thing.\n');
  });
});

describe('the form of a changelog', () => {
  const now = Date.parse('2026-02-01T00:00:00Z');
  const entry = '\n\n### Added\n\n- A thing.\n\n';

  test('what Keep a Changelog asks for is fine', () => {
    assert.deepEqual(
      changelogProblems(
        `## [Unreleased]\n\n## [1.10.0] - 2026-02-01${entry}## [1.9.0] - 2025-12-31 [YANKED]${entry}`,
        now,
      ),
      [],
    );
  });

  for (const [text, said] of [
    [`## 1.0.0 - 2026-01-31${entry}`, /"## 1\.0\.0 - 2026-01-31" is not/],
    [`## [1.0.0]${entry}`, /1\.0\.0 has no date/],
    [`## [1.0.0] - 2026-13-31${entry}`, /1\.0\.0 has no date/],
    [`## [1.0.0] - 2026-03-31${entry}`, /yet to come/],
    ['## [1.0.0] - 2026-01-31\n', /1\.0\.0 says nothing/],
    ['## [1.0.0] - 2026-01-31\n\n- A thing.\n', /without a section/],
    ['## [1.0.0] - 2026-01-31\n\n### Added\n', /nothing under "Added"/],
    ['## [1.0.0] - 2026-01-31\n\n### New\n\n- A thing.\n', /section "New"/],
    [`## [1.9.0] - 2026-01-31${entry}## [1.10.0] - 2026-01-31${entry}`, /1\.9\.0 stands above 1\.10\.0/],
    [`## [1.0.0] - 2026-01-31${entry}## [Unreleased]${entry}`, /Unreleased stands below/],
  ] as const) {
    test(`is refused: ${JSON.stringify(text.slice(0, 60))}`, () => {
      assert.match(changelogProblems(text, now).join('\n'), said);
    });
  }

  test('this project’s own has it', () => {
    assert.deepEqual(changelogProblems(readFileSync(join(packaging, '..', 'CHANGELOG.md'), 'utf8')), []);
  });
});
