import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
let watching = false;

/** Sends a signal to a process that was started `detached`, and to all that it started in turn. */
export function killGroup(leader: ChildProcess, signal: NodeJS.Signals): void {
  if (leader.pid === undefined) return;
  try {
    process.kill(-leader.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** Kills the group of a process should this one end before it, however that comes. */
export function endWithThisProcess(leader: ChildProcess): void {
  if (!watching) {
    watching = true;
    process.once('exit', () => {
      for (const each of running) killGroup(each, 'SIGKILL');
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  }
  running.add(leader);
  leader.once('exit', () => running.delete(leader));
}
