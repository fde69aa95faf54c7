import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Settings } from '../../config/settings.ts';

export interface DetachedOptions {
  readonly detachedScript: string;
  readonly stateDirectory: string;
}

const outcome = z.union([
  z.object({ url: z.string() }),
  z.object({ failure: z.object({ message: z.string(), code: z.string().exactOptional() }) }),
]);

/**
 * Starts the proxy in a process that outlives this one, and resolves once it listens and has left word of it. Rejects with the
 * system's error when it cannot have the port. The settings, secrets included, go through a pipe, where nobody can read them.
 */
export async function startDetached(
  settings: Settings,
  filedUnder: number,
  { detachedScript, stateDirectory }: DetachedOptions,
): Promise<void> {
  const child = spawn(process.execPath, [detachedScript], {
    detached: true,
    // Not a folder that somebody may want to remove or rename.
    cwd: homedir(),
    env: detachedEnvironment(process.env),
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  child.unref();
  const said = await hand(child, JSON.stringify({ settings, filedUnder, stateDirectory }));
  if (said === '') throw new Error('The process that was to keep running ended before it had started.');
  const started = outcome.parse(JSON.parse(said));
  if ('failure' in started) {
    const { message, code } = started.failure;
    throw Object.assign(new Error(message), { code });
  }
}

/** Gives it its orders, and resolves to the line that it says; '' when it ends without one. */
async function hand(child: ChildProcess, orders: string): Promise<string> {
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const { stdin, stdout } = child;
  if (!stdin || !stdout) return failed;
  // A process that has ended cannot read; what it has said tells why.
  stdin.on('error', () => {});
  stdin.end(orders);
  return Promise.race([failed, firstLine(stdout)]);
}

async function firstLine(source: Readable): Promise<string> {
  let said = '';
  source.setEncoding('utf8');
  for await (const piece of source) {
    said += String(piece);
    if (said.includes('\n')) break;
  }
  return said;
}

/** This process's, less what leads to the editor that it is a part of; an Electron is a Node then. */
export function detachedEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.entries(env).filter(([name]) => !/^(?:VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(own), ELECTRON_RUN_AS_NODE: '1' };
}
