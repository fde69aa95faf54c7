import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';

/** How a client's process ended. */
export interface ClientRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ClientRunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  /** Default 60 s; then the client is killed and its code is null. */
  readonly timeoutMs?: number;
}

/** A client at work. */
export interface RunningClient {
  readonly ended: Promise<ClientRun>;
  /** Resolves as soon as standard output holds `text`; rejects when the client ends without it. */
  prints(text: string): Promise<void>;
  /** Sends a signal to the client itself, as Ctrl-C in a terminal or the end of an editor would. */
  signal(name: NodeJS.Signals): void;
}

/** Starts one client in its own process group, which is gone when `ended` resolves. */
export function startClient(
  command: string,
  args: readonly string[],
  options: ClientRunOptions,
): RunningClient {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', TERM: 'dumb', ...offline, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let stdout = '';
  let stderr = '';
  const printed = new EventEmitter();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    printed.emit('more');
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A client that ends before it has read everything is judged by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const killGroup = () => {
    // The whole group: some clients leave helpers behind.
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nothing of it is left.
    }
  };
  const timer = setTimeout(killGroup, options.timeoutMs ?? 60_000);
  const closed = once(child, 'close');
  async function end(): Promise<ClientRun> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    clearTimeout(timer);
    killGroup();
    await closed;
    return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
  }
  const ended = end();
  async function prints(text: string): Promise<void> {
    let over = false;
    while (!stdout.includes(text)) {
      if (over) throw new Error(`The client ended without printing ${text}.`);
      const end = ended.then(() => {
        over = true;
      });
      await Promise.race([once(printed, 'more'), end]);
    }
  }
  return { ended, prints, signal: (name) => child.kill(name) };
}

/** Runs one client to its end. */
export function runClient(
  command: string,
  args: readonly string[],
  options: ClientRunOptions,
): Promise<ClientRun> {
  return startClient(command, args, options).ended;
}

/** Whatever is not on this computer is refused at once: the tests neither need nor reach the internet. */
const unreachable = 'http://127.0.0.1:9';
const offline = {
  HTTP_PROXY: unreachable,
  HTTPS_PROXY: unreachable,
  http_proxy: unreachable,
  https_proxy: unreachable,
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
};
