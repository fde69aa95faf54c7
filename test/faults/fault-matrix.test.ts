import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { backendNames, type RunningProxy, startProxy, until } from '../end-to-end/running-proxy.ts';
import { ask, type Outcome } from './ask.ts';
import { type Fault, faults } from './faults.ts';
import { type Way, ways } from './ways.ts';

const text = 'A sentence that is long enough for several chunks. 很长的一句话。'.repeat(4);

interface Row {
  readonly fault: string;
  tried: number;
  passed: number;
  leaked: number;
}

/** What each backend's matrix came to, for docs/reliability.md. */
const rows: Record<string, Row[]> = {};

for (const backend of backendNames) {
  describe(`over ${backend}, every fault and every way to ask`, () => {
    const table: Row[] = [];
    rows[backend] = table;

    test('the client gets a whole answer or a proper error, nothing is left over, and the next request works', async (context) => {
      const before = process.env['TMPDIR'];
      const temporary = mkdtempSync(join(tmpdir(), 'faults-'));
      const proxy = await startProxy(backend, {
        settings: { remoteFallbackEnabled: false, prepareSessions: false, idleTimeoutSeconds: 0.3 },
      });
      process.env['TMPDIR'] = temporary;
      const problems: string[] = [];
      try {
        proxy.simulator.setBrain(() => ({ parts: [{ text }] }));
        await proxy.openai.models.list();
        for (const way of ways) await works(proxy, way);
        const resources = activeResources();
        for (const fault of faults[backend]) {
          const row: Row = { fault: fault.name, tried: 0, passed: 0, leaked: 0 };
          table.push(row);
          for (const way of ways) {
            const problem = await tryOne(proxy, fault, way, row);
            if (problem !== undefined) problems.push(`${fault.name} · ${way.name}: ${problem}`);
          }
        }
        const left = await leftOf(resources);
        if (left.length > 0) problems.push(`left over at the end: ${left.join(', ')}`);
        assert.deepEqual(readdirSync(temporary), [], 'temporary files are left');
      } finally {
        if (before === undefined) delete process.env['TMPDIR'];
        else process.env['TMPDIR'] = before;
        rmSync(temporary, { recursive: true });
        if (problems.length > 0) await proxy.abandon();
        for (const line of lines(table)) context.diagnostic(line);
      }
      assert.deepEqual(problems, []);
      await proxy.close();
    });
  });
}

test('ipc: a runtime that never opens a session is given up in every way to ask, and nothing is left over', async () => {
  const proxy = await startProxy('ipc', { settings: { prepareSessions: false } });
  proxy.simulator.setBrain(() => ({ parts: [{ text }] }));
  await proxy.openai.models.list();
  proxy.simulator.setScenario('ipc', { call: 'session/new', silent: true });
  const outcomes = await Promise.all(ways.map((way) => ask(proxy.url, way)));
  for (const outcome of outcomes) assert.ok('error' in outcome, JSON.stringify(outcome));
  proxy.simulator.setScenario('ipc', undefined);
  for (const way of ways) await works(proxy, way);
  await proxy.close();
});

after(() => {
  const folder = join(import.meta.dirname, '..', '..', '.cache');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fault-matrix.json'), `${JSON.stringify(rows, undefined, 2)}\n`);
});

/** Returns what went wrong. */
async function tryOne(proxy: RunningProxy, fault: Fault, way: Way, row: Row): Promise<string | undefined> {
  row.tried++;
  try {
    await fault.strike(proxy.simulator);
    const outcome = await ask(proxy.url, way);
    await fault.mend?.(proxy.simulator);
    const problem = judge(fault, outcome);
    if (problem !== undefined) return problem;
    await works(proxy, way);
  } catch (error) {
    await fault.mend?.(proxy.simulator);
    return String(error);
  }
  try {
    await settled(proxy);
  } catch (error) {
    row.leaked++;
    return String(error);
  }
  row.passed++;
  return undefined;
}

function judge(fault: Fault, outcome: Outcome): string | undefined {
  if ('text' in outcome) {
    if (outcome.text !== text)
      return `an answer of ${outcome.text.length} characters that is not the model's`;
    return fault.outcome === 'answer' ? undefined : 'an answer, where there cannot be a whole one';
  }
  return fault.outcome === 'error'
    ? undefined
    : `${outcome.status}, though it does no harm: ${JSON.stringify(outcome.error)}`;
}

async function works(proxy: RunningProxy, way: Way): Promise<void> {
  const outcome = await ask(proxy.url, way);
  if (!('text' in outcome) || outcome.text !== text) {
    throw new Error(`the next request does not work: ${JSON.stringify(outcome)}`);
  }
}

/** Upstream has nothing to do for us, no session is open, every place is free. */
async function settled(proxy: RunningProxy): Promise<void> {
  await proxy.idle();
  const { ipc } = proxy.simulator;
  await proxy.simulator.until(() => ipc.sessions.size === 0, 'every session is deleted');
}

/** How many timers and sockets of which kind this process holds: proxy, simulator and client. */
function activeResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What there is more of than before, once it has had time to go. */
async function leftOf(before: ReadonlyMap<string, number>): Promise<string[]> {
  const more = () =>
    [...activeResources()]
      .filter(([kind, count]) => count > (before.get(kind) ?? 0) + spare(kind))
      .map(([kind, count]) => `${kind}: ${before.get(kind) ?? 0} before, ${count} now`);
  await until(() => more().length === 0, 'nothing is left over').catch(() => undefined);
  return more();
}

/** Pools keep a connection or two, and timers for them. */
function spare(kind: string): number {
  return /TCP|Pipe|Timeout/.test(kind) ? 2 : 0;
}

function lines(table: readonly Row[]): string[] {
  const sum = (key: 'tried' | 'passed' | 'leaked') => table.reduce((total, row) => total + row[key], 0);
  return [
    ...table.map(
      ({ fault, tried, passed, leaked }) => `${fault}: ${tried} tried, ${passed} passed, ${leaked} leaked`,
    ),
    `all: ${sum('tried')} tried, ${sum('passed')} passed, ${sum('leaked')} leaked`,
  ];
}
