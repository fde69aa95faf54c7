import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const main = join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');
const home = mkdtempSync(join(tmpdir(), 'lingma-language-'));
after(() => rmSync(home, { recursive: true, force: true }));

/** What the command line says, on both outputs, where these variables tell the language. */
function say(args: readonly string[], language: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    const env = { HOME: home, USERPROFILE: home, ...language };
    execFile(process.execPath, [main, ...args], { cwd: home, env }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

const chinese = { LANG: 'zh_CN.UTF-8' };
const calls: readonly (readonly [string[], english: RegExp, chinese: RegExp])[] = [
  [['--help'], /Port to listen on; 0 takes any free one\./, /监听的端口；0 表示任意空闲端口。/],
  [['doctor', '--help'], /Changes nothing\./, /不做任何更改。/],
  [['connect', '--help'], /Usage: lingma-proxy connect/, /用法：lingma-proxy connect/],
  [['service', '--help'], /Show what would be written/, /只显示将写入和运行的内容/],
  [
    ['--prot', '1'],
    /There is no flag --prot\. Did you mean --port\?/,
    /没有参数 --prot。你是不是想用 --port？/,
  ],
  [
    ['--port', 'x'],
    /flag --port: "x" is not allowed\./,
    /参数 --port：不能是 "x"，必须是 0 到 65535 的整数。/,
  ],
  [['connect', 'codx'], /Did you mean codex\?/, /你是不是想用 codex？/],
  [['connect', 'codex', '--port', '0'], /With port 0/, /端口为 0 时/],
  [['connect', 'other', '--port', '9'], /API key: any/, /API 密钥：any/],
  [
    ['--export-remote-auth', join(home, 'login.json')],
    /There is no login of Lingma or QoderCN on this computer/,
    /本机没有灵码或 QoderCN 的登录（查找了 \d+ 个位置）。请打开/,
  ],
  [['clients', '--port', '9'], /not found +not connected/, /未找到 +未连接/],
];

for (const [args, inEnglish, inChinese] of calls) {
  test(`lingma-proxy ${args.join(' ')} speaks English, and Chinese where the locale says so`, async () => {
    assert.match(await say(args, { LANG: 'C.UTF-8' }), inEnglish);
    assert.match(await say(args, chinese), inChinese);
  });
}

test('a variable that no proxy can be made of is explained in the language of the locale, and is no crash', async () => {
  const wrong = { HTTPS_PROXY: 'ftp://proxy.example.org' };
  const inEnglish = await say(['--port', '0'], { LANG: 'C.UTF-8', ...wrong });
  assert.match(inEnglish, /^The proxy for upstream requests \(from HTTPS_PROXY\) is not .* directly\.\n$/);
  const inChinese = await say(['--port', '0'], { ...chinese, ...wrong });
  assert.match(inChinese, /^访问上游所用的网络代理（来自HTTPS_PROXY）/);
});

test('LC_ALL wins over LANG, and what is for programs stays English', async () => {
  assert.match(await say(['--prot', '1'], { ...chinese, LC_ALL: 'en_US.UTF-8' }), /There is no flag/);
  const json = await say(['clients', '--json', '--port', '9'], chinese);
  assert.match(json, /"kind": "not-connected"/);
});
