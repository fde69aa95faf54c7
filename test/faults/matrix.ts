import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../src/config/settings.ts';
import type { BackendName } from '../end-to-end/running-proxy.ts';
import type { Fault } from './fault.ts';
import { Lane } from './lane.ts';
import { LeftOvers } from './left-overs.ts';
import { remoteFaults } from './remote-faults.ts';
import { runtimeFaults } from './runtime-faults.ts';
import { waysToAsk } from './ways.ts';

/** An upstream as the proxy reaches it, and all that can go wrong there. */
export interface Target {
  readonly name: string;
  readonly backend: BackendName;
  readonly settings: Partial<Settings>;
  readonly faults: readonly Fault[];
}

export const targets = {
  remote: { name: 'Remote API', backend: 'remote', settings: {}, faults: remoteFaults },
  websocket: {
    name: 'Local runtime over WebSocket',
    backend: 'ipc',
    settings: { transport: 'websocket' },
    faults: runtimeFaults,
  },
  pipe: {
    name: 'Local runtime over a Unix socket or named pipe',
    backend: 'ipc',
    settings: { transport: 'pipe' },
    faults: runtimeFaults,
  },
} as const satisfies Record<string, Target>;

export interface Row {
  readonly fault: string;
  tried: number;
  passed: number;
  leaked: number;
}

export interface Matrix {
  readonly target: string;
  readonly rows: readonly Row[];
  /** What went wrong, each as a line. */
  readonly problems: readonly string[];
}

/** Tries every fault in every way to ask. Takes over this process's temporary folder meanwhile. */
export async function runMatrix(target: Target): Promise<Matrix> {
  const rows: Row[] = [];
  const problems: string[] = [];
  const attempt = async (lanes: readonly Lane[], fault: Fault) => {
    const row: Row = { fault: fault.name, tried: 0, passed: 0, leaked: 0 };
    rows.push(row);
    const trials = await Promise.all(lanes.map((lane) => lane.try(fault)));
    for (const [index, { problem, leaked }] of trials.entries()) {
      row.tried++;
      if (leaked) row.leaked++;
      if (problem === '') row.passed++;
      else problems.push(`${fault.name} · ${lanes[index]?.way.name}: ${problem}`);
    }
    return row;
  };
  const slow = target.faults.filter((fault) => fault.slow);
  const groups: (readonly Lane[])[] = [];
  for (const _ of slow) groups.push(await startLanes(target));
  await Promise.all(slow.map((fault, index) => attempt(groups[index] ?? [], fault)));
  for (const lane of groups.flat()) await lane.close();
  const lanes = await startLanes(target);
  await inOwnTemporaryFolder(async (folder) => {
    const leftOvers = new LeftOvers(folder, lanes.length);
    for (const fault of target.faults.filter((each) => !each.slow)) {
      const row = await attempt(lanes, fault);
      const left = await leftOvers.find();
      if (left.length === 0) continue;
      row.leaked++;
      problems.push(`${fault.name}: left over: ${left.join(', ')}`);
    }
  });
  for (const lane of lanes) await lane.close();
  return { target: target.name, rows, problems };
}

/** One after the other: what starts all at once may well be late for its own time-outs. */
async function startLanes(target: Target): Promise<readonly Lane[]> {
  // Images leave temporary files over the local runtime; over the remote API they would take the whole turn there.
  const ways = waysToAsk({ withImage: target.backend === 'ipc' });
  const lanes: Lane[] = [];
  for (const way of ways) lanes.push(await Lane.start(target.backend, way, target.settings));
  return lanes;
}

async function inOwnTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  process.env['TMPDIR'] = folder;
  try {
    await use(folder);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true });
  }
}
