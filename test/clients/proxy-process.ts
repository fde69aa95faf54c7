import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const cli = process.env['LINGMA_TEST_CLI'] ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** The built command line, running on the machine's own Node as a user's would. */
export interface ProxyProcess {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly pid: number | undefined;
  readonly output: () => string;
  /** Resolves to its exit code once it has ended by itself. */
  ended(): Promise<number | null>;
  stop(): Promise<number | null>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Starts `lingma-proxy`, or what else `command` names, on a free port and waits until it listens. */
export async function startProxyProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  command: readonly [string, ...string[]] = [process.env['LINGMA_TEST_NODE'] ?? process.execPath, cli],
): Promise<ProxyProcess> {
  const [program, ...first] = command;
  const child: ChildProcess = spawn(program, [...first, '--port', '0', ...args], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const url = /listening on (http:\/\/[^\s"]+)/.exec(line)?.[1];
        if (url) resolve(url);
      });
    }
    child.once('exit', (code) => reject(new Error(`lingma-proxy ended with ${code}:\n${lines.join('\n')}`)));
  });
  const url = await listening;
  return {
    url,
    pid: child.pid,
    output: () => lines.join('\n'),
    async ended() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      return child.exitCode;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        // Not `exit`: what it said last may still be on its way.
        const exited = once(child, 'close');
        child.kill('SIGTERM');
        await exited;
      }
      return child.exitCode;
    },
    async kill() {
      const exited = once(child, 'close');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
