import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const cli = here('../../dist/cli.js');

/** Starts a process with the probe in it. `node`: the executable. */
function start(node, args, environment = {}) {
  const child = spawn(node, ['--import', here('probe.mjs'), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return {
    child,
    async ask(question) {
      const answer = once(child, 'message');
      child.send(question);
      return (await answer)[0];
    },
    async stop() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The simulated upstream; `node` has to run TypeScript. */
export async function startUpstream(node) {
  const upstream = start(node, [here('upstream.mjs')]);
  upstream.child.stdout.resume();
  const [about] = await once(upstream.child, 'message');
  return { ...upstream, ...about };
}

export async function startPassThrough(node, { url, login }, places) {
  const floor = start(node, [here('pass-through.mjs'), JSON.stringify({ url, login, places })]);
  floor.child.stdout.resume();
  const [about] = await once(floor.child, 'message');
  return { ...floor, ...about };
}

/** The built product, which finds the upstream as it would find the real one. */
export async function startProxy(node, upstream, args) {
  const proxy = start(node, [cli, '--port', '0', '--log-level', 'error', ...args], upstream.environment);
  const url = await listening(proxy.child);
  return { ...proxy, url };
}

/** Milliseconds from the command, in an empty home, to listening and to the first answer. */
export async function measureStart(node) {
  const home = mkdtempSync(join(tmpdir(), 'bench-home-'));
  const began = performance.now();
  const child = spawn(node, [cli, '--port', '0'], {
    env: { PATH: process.env.PATH, HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await listening(child);
  const listeningMs = performance.now() - began;
  await (await fetch(`${url}/health`)).text();
  const servedMs = performance.now() - began;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
  rmSync(home, { recursive: true });
  return { listeningMs, servedMs };
}

async function listening(child) {
  let output = '';
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    output += piece;
    const url = /listening on (http:\/\/\S+)/.exec(output)?.[1];
    if (url) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error(`lingma-proxy did not start:\n${output}`);
}
