import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chat } from './client.ts';
import { goalsTable } from './goals.ts';
import { startPassThrough, startProxy, startUpstream } from './processes.ts';
import { agentRequest, smallRequest } from './requests.ts';
import { besideImage } from './sections/beside-image.ts';
import { chunks } from './sections/chunks.ts';
import { distance } from './sections/distance.ts';
import { editorHost } from './sections/editor-host.ts';
import { firstToken } from './sections/first-token.ts';
import { growth } from './sections/growth.ts';
import { heldText } from './sections/held-text.ts';
import { memory } from './sections/memory.ts';
import { recording } from './sections/recording.ts';
import type { Bench, Goal, Section } from './sections/section.ts';
import { sizes } from './sections/sizes.ts';
import { start } from './sections/start.ts';
import { throughput } from './sections/throughput.ts';

const root = join(import.meta.dirname, '..', '..');

const sections: readonly Section[] = [
  firstToken,
  distance,
  chunks,
  heldText,
  throughput,
  growth,
  besideImage,
  memory,
  recording,
  start,
  editorHost,
  sizes,
];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    output: { type: 'string' },
  },
});
const chosen = sections.filter(({ name }) => options.only?.includes(name) ?? true);
if (chosen.length === 0) throw new Error(`The parts are ${sections.map(({ name }) => name).join(', ')}.`);
if (!existsSync(join(root, 'dist', 'cli.js'))) throw new Error('Build the product first: npm run build');

const loadBefore = loadavg()[0] ?? 0;
const node = process.env['LINGMA_TEST_NODE'] ?? process.execPath;
const places = 16;

const upstream = await startUpstream();
const limit = ['--max-concurrent', String(places)];
const servers = {
  floor: await startPassThrough(node, upstream, places),
  remote: await startProxy(node, upstream, ['--backend', 'remote', ...limit]),
  ipc: await startProxy(node, upstream, ['--backend', 'ipc', ...limit]),
};
const bench: Bench = {
  node,
  upstream,
  servers,
  quick: options.quick,
  rounds: (full) => (options.quick ? Math.min(2, full) : full),
};

try {
  await warmUp();
  const results: Record<string, unknown> = {};
  const texts: string[] = [];
  const goals: Goal[] = [];
  for (const section of chosen) {
    const began = performance.now();
    const findings = await section.measure(bench);
    results[section.name] = findings.result;
    texts.push(findings.text);
    goals.push(...(findings.goals ?? []));
    console.error(`${section.name}: ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  }
  const { violations } = await upstream.violations();
  if (violations.length > 0) throw new Error(`The upstream was spoken to wrongly: ${violations.join('; ')}`);
  const page = [heading(), goalsTable(goals), ...texts].join('\n\n');
  console.log(page);
  const folder = options.output ?? (options.quick || options.only ? undefined : join(root, 'docs'));
  if (folder !== undefined) write(folder, `${page}\n`, results);
} finally {
  await Promise.all([...Object.values(servers), upstream].map((server) => server.stop()));
}

/** Code that has just been loaded is slow in every one of them. */
async function warmUp(): Promise<void> {
  for (const { url } of Object.values(servers)) {
    for (let time = 0; time < bench.rounds(50); time++) await chat(url, smallRequest(200));
    for (let time = 0; time < bench.rounds(8); time++) await chat(url, agentRequest(1));
  }
}

function heading(): string {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const date = new Date().toISOString().slice(0, 10);
  return `# Benchmarks

Written by \`npm run bench\` on ${date}: ${cpus().length} × ${cpus()[0]?.model.trim()}, product on Node ${version}. The floor is a pass-through in
Node that parses the request, builds and signs the upstream one and pipes the answer's bytes unparsed, with as many places (${places}) as the
product. All was measured in one run and in turn; the ratios to the floor say more than the figures. Upstream, client and proxy
share the machine. Its load before it began was ${loadBefore.toFixed(1)}.`;
}

function write(folder: string, page: string, results: Record<string, unknown>): void {
  writeFileSync(join(folder, 'benchmarks.md'), page);
  writeFileSync(join(folder, 'benchmarks.json'), `${JSON.stringify(results, undefined, 2)}\n`);
}
