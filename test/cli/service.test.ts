import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { planService } from '../../src/cli/service/plan-service.ts';
import type { ServicePlan, ServiceTarget } from '../../src/cli/service/service-plan.ts';

// `npm run build` comes before: the command is tried as people run it.
const cli = process.env['LINGMA_TEST_CLI'] ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;

const folder = mkdtempSync(join(tmpdir(), 'lingma-service-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every character that one of the three formats reads as its own. */
const awkward = `a b"c'd\\e%n$HOME<f>&g.json`;
const target: ServiceTarget = {
  node: '/usr/bin/node',
  script: '/opt/lingma proxy/cli.js',
  flags: ['--config', awkward, '--port=9000'],
  folder: '/home/ann/100% mine',
  stopSeconds: 42,
};

function planFor(platform: NodeJS.Platform, changes: Partial<ServiceTarget> = {}): ServicePlan {
  const home = platform === 'win32' ? 'C:\\Users\\Ann' : '/home/ann';
  const plan = planService(
    platform,
    { ...target, ...changes },
    { home, uid: platform === 'win32' ? undefined : 501 },
  );
  return plan ?? assert.fail(`no plan for ${platform}`);
}

/** What Python's own reader of a format makes of a text, as JSON. */
function readWithPython(program: string, input: string | Buffer): unknown {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], { input, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}
const python =
  spawnSync('python3', ['--version']).status === 0 ? false : 'there is no python3 to read the format';
const verifier =
  spawnSync('systemd-analyze', ['--version']).status === 0
    ? false
    : 'there is no systemd-analyze to verify the unit';

describe('the systemd unit', () => {
  test('passes systemd’s own check, and names the program and folder as they are', { skip: verifier }, () => {
    const file = join(folder, 'lingma-proxy.service');
    const script = join(folder, 'cli.js');
    writeFileSync(file, planFor('linux', { node: process.execPath, script, folder }).content);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', file], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder },
    });
    assert.deepEqual([status, stderr], [0, '']);
  });

  test('quotes what systemd would read as its own', () => {
    const { content } = planFor('linux');
    assert.ok(content.includes(`"a b\\"c'd\\\\e%%n$$HOME<f>&g.json"`), content);
    assert.ok(content.includes('\nWorkingDirectory=/home/ann/100%% mine\n'));
    assert.match(content, /\nTimeoutStopSec=42\n/);
    assert.match(content, /\nRestartPreventExitStatus=2\n/);
  });
});

describe('the launchd agent', () => {
  test('is a property list that names the program and folder as they are', { skip: python }, () => {
    const { content, file, install } = planFor('darwin');
    const list = readWithPython(
      'import plistlib,sys,json; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))',
      content,
    );
    assert.deepEqual(list, {
      Label: 'local.lingma-proxy',
      ProgramArguments: [target.node, target.script, ...target.flags],
      WorkingDirectory: target.folder,
      RunAtLoad: true,
      KeepAlive: { SuccessfulExit: false },
      ThrottleInterval: 10,
      ExitTimeOut: 42,
      Umask: 0o077,
      StandardOutPath: '/home/ann/Library/Logs/lingma-proxy.log',
      StandardErrorPath: '/home/ann/Library/Logs/lingma-proxy.log',
    });
    assert.equal(file, '/home/ann/Library/LaunchAgents/local.lingma-proxy.plist');
    assert.deepEqual(install.at(-1), ['launchctl', 'bootstrap', 'gui/501', file]);
  });
});

describe('the scheduled task', () => {
  test('is XML in UTF-16 whose command line Windows takes apart again', { skip: python }, () => {
    const { content, encoding } = planFor('win32', { flags: ['--config', 'C:\\a "b"\\', '--x=<&>'] });
    const parts = readWithPython(
      `import sys,json,xml.etree.ElementTree as e
n='{http://schemas.microsoft.com/windows/2004/02/mit/task}'
x=e.fromstring(sys.stdin.buffer.read()).find(f'{n}Actions/{n}Exec')
print(json.dumps([c.text for c in x]))`,
      Buffer.from(content, encoding),
    );
    assert.deepEqual(parts, [
      '/usr/bin/node',
      '"/opt/lingma proxy/cli.js" "--config" "C:\\a \\"b\\"\\\\" "--x=<&>"',
      target.folder,
    ]);
  });
});

test('other systems have no plan', () => {
  assert.equal(planService('aix', target, { home: '/', uid: 0 }), undefined);
});

describe('lingma-proxy service', { skip: process.platform === 'linux' ? false : 'tried on Linux' }, () => {
  /** A home folder with a systemctl that notes what it was asked, and fails when it is told to. */
  function place(name: string) {
    const home = join(folder, name);
    const bin = join(home, 'bin');
    mkdirSync(bin, { recursive: true });
    const calls = join(home, 'calls');
    writeFileSync(
      join(bin, 'systemctl'),
      `#!/bin/sh\necho "$*" >> ${calls}\ncase "$*" in *"$FAIL"*) exit 3;; esac\n`,
    );
    chmodSync(join(bin, 'systemctl'), 0o755);
    const unit = join(home, '.config', 'systemd', 'user', 'lingma-proxy.service');
    const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const { status, stdout, stderr } = spawnSync(node, [cli, 'service', ...args], {
        cwd: home,
        encoding: 'utf8',
        env: { PATH: `${bin}:/usr/bin:/bin`, HOME: home, FAIL: 'nothing', ...env },
      });
      return { code: status, stdout, stderr };
    };
    const called = () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []);
    return { home, unit, run, called };
  }

  test('install writes and starts it, status asks, uninstall leaves nothing', () => {
    const { home, unit, run, called } = place('whole');
    assert.equal(run(['status']).code, 1);
    const installed = run(['install', '--port', '9000']);
    assert.equal(installed.code, 0, installed.stderr);
    assert.match(installed.stdout, /journalctl --user/);
    const content = readFileSync(unit, 'utf8');
    assert.ok(content.includes(`"--port" "9000"\nWorkingDirectory=${home}\n`), content);
    assert.equal(run(['status']).code, 0);
    assert.equal(run(['status'], { FAIL: 'status' }).code, 1);
    assert.equal(run(['uninstall']).code, 0);
    assert.equal(existsSync(unit), false);
    assert.deepEqual(called(), [
      '--user daemon-reload',
      '--user enable lingma-proxy.service',
      '--user restart lingma-proxy.service',
      '--user status --no-pager lingma-proxy.service',
      '--user status --no-pager lingma-proxy.service',
      '--user disable --now lingma-proxy.service',
      '--user daemon-reload',
    ]);
    assert.match(run(['uninstall']).stdout, /nothing to remove/);
  });

  test('--dry-run shows the definition and the commands, and does nothing', () => {
    const { unit, run, called } = place('dry');
    const { code, stdout } = run(['install', '--dry-run', '--log-format', 'json']);
    assert.equal(code, 0);
    assert.match(stdout, /"--log-format" "json"/);
    assert.match(stdout, /would run: systemctl --user daemon-reload/);
    assert.deepEqual([existsSync(unit), called()], [false, []]);
  });

  test('flags with which the proxy could not run, and keys for all to see, are refused', () => {
    const { unit, run } = place('refused');
    for (const [args, message] of [
      [['--port', 'many'], /flag --port/],
      [['--api-key', 'sesame'], /--api-key-file/],
      [['--api-keys=ann=sesame'], /--api-key-file/],
      [['--host', '0.0.0.0'], /API key/],
      [['--version'], /nothing to install/],
    ] as const) {
      const { code, stderr } = run(['install', ...args]);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /sesame/);
    }
    assert.equal(run([]).code, 2);
    assert.equal(run(['start']).code, 2);
    assert.equal(existsSync(unit), false);
  });

  test('what the terminal’s environment says is not lost in silence', () => {
    const { stderr } = place('environment').run(['install'], { LINGMA_PROXY_PORT: '9' });
    assert.match(stderr, /does not see LINGMA_PROXY_PORT/);
  });

  test('a manager that refuses is told with its command', () => {
    const { code, stderr } = place('failing').run(['install'], { FAIL: 'restart' });
    assert.equal(code, 1);
    assert.match(stderr, /"systemctl --user restart lingma-proxy\.service" failed with 3/);
  });

  test('a unit of somebody else’s is neither replaced nor removed', () => {
    const { unit, run, called } = place('foreign');
    mkdirSync(dirname(unit), { recursive: true });
    writeFileSync(unit, '[Service]\nExecStart=/bin/true\n');
    assert.equal(run(['install']).code, 1);
    assert.equal(run(['uninstall']).code, 1);
    assert.match(readFileSync(unit, 'utf8'), /bin\/true/);
    assert.deepEqual(called(), []);
  });
});
