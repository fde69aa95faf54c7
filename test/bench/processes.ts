import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createProbe, type Probe } from './probe-client.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const cli = here('../../dist/cli.js');

/** A server in a process of its own that tells what it uses. */
export interface Measured extends Probe {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Upstream {
  readonly url: string;
  readonly login: object;
  /** What a proxy needs to find it as it would find the real one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds from each request's arrival to its handling, from now on. */
  setLatency(ms: number): Promise<void>;
  violations(): Promise<{ violations: string[] }>;
  stop(): Promise<void>;
}

/** Starts the simulated upstream, on the Node that this runs on. */
export async function startUpstream(): Promise<Upstream> {
  const child = startProcess(process.execPath, [here('upstream.ts')]);
  const [about] = await once(child, 'message');
  return {
    ...about,
    setLatency: async (latencyMs) => void (await ask(child, { latencyMs })),
    violations: () => ask(child, 'violations'),
    stop: () => stopProcess(child),
  };
}

/** Starts the floor. `node`: its executable. */
export async function startPassThrough(
  node: string,
  { url, login }: Upstream,
  places: number,
): Promise<Measured> {
  const child = startProcess(node, [here('pass-through.mjs'), JSON.stringify({ url, login, places })], {
    probed: true,
  });
  const [about] = await once(child, 'message');
  return { ...createProbe(child), url: about.url, stop: () => stopProcess(child) };
}

/** Starts the built product, which finds the upstream as it would find the real one. */
export async function startProxy(
  node: string,
  upstream: Upstream,
  args: readonly string[],
): Promise<Measured> {
  const child = startProcess(node, [cli, '--port', '0', '--log-level', 'error', ...args], {
    probed: true,
    environment: upstream.environment,
  });
  const url = await listening(child);
  return { ...createProbe(child), url, stop: () => stopProcess(child) };
}

/** Milliseconds from the command, in an empty home, to listening and to the first answer. `args`: what Node runs. */
export async function measureStart(
  node: string,
  args: readonly string[] = [cli, '--port', '0'],
): Promise<{ listeningMs: number; servedMs: number }> {
  const home = mkdtempSync(join(tmpdir(), 'bench-home-'));
  const began = performance.now();
  const child = spawn(node, args, {
    env: { PATH: process.env['PATH'], HOME: home },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const url = await listening(child);
    const listeningMs = performance.now() - began;
    await (await fetch(`${url}/health`)).text();
    return { listeningMs, servedMs: performance.now() - began };
  } finally {
    await stopProcess(child);
    rmSync(home, { recursive: true });
  }
}

/** Starts a script with a channel to it. `probed`: it can be asked what it uses. */
export function startProcess(
  node: string,
  args: readonly string[],
  options: {
    probed?: boolean;
    environment?: Readonly<Record<string, string>>;
    stdin?: 'ignore' | 'pipe';
  } = {},
): ChildProcess {
  const preload = options.probed ? ['--import', here('probe.mjs')] : [];
  const child = spawn(node, [...preload, ...args], {
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: [options.stdin ?? 'ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.once('exit', (code) => {
    if (code) throw new Error(`${args[0]} ended with ${code}; see above.`);
  });
  return child;
}

async function ask<Answer>(child: ChildProcess, question: string | object): Promise<Answer> {
  const answer = once(child, 'message');
  child.send(question);
  return (await answer)[0];
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function listening(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const piece of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    output += piece;
    const url = /listening on (http:\/\/\S+)/.exec(output)?.[1];
    if (url) {
      child.stdout?.resume();
      return url;
    }
  }
  throw new Error(`The server did not start:\n${output}`);
}
