import { readdirSync, readFileSync } from 'node:fs';

/** Ends the daemons that some clients leave behind: every process whose HOME is the one of that client's run. Linux only. */
export function endLeftovers(home: string): void {
  for (const pid of processIds()) {
    if (pid === process.pid || !environmentOf(pid).includes(`HOME=${home}`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
