// Measures the built product against two floors: the simulated upstream reached directly, and the least that a proxy in Node
// has to do. All in one run and in turn, so that the ratios hold whatever else the machine does.
//   npm run bench              writes docs/benchmarks.md and docs/benchmarks.json
//   npm run bench -- --quick   a few seconds, to see that it runs; writes nothing
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { root, testNode } from '../toolchain/node.mjs';
import { chat, chatDirectly } from './client.mjs';
import { measureStart, startPassThrough, startProxy, startUpstream } from './processes.mjs';
import { toMarkdown } from './report.mjs';
import { agentRequest, longRequest, smallRequest } from './requests.mjs';
import { interleaved, median, quantile } from './statistics.mjs';

const quick = process.argv.includes('--quick');
const places = 16;
const productNode = process.env.LINGMA_TEST_NODE ?? process.execPath;
const rounds = (full) => (quick ? 2 : full);
const loadBefore = loadavg()[0];

if (!existsSync(join(root, 'dist', 'cli.js'))) throw new Error('Build the product first: npm run build');

const upstream = await startUpstream(testNode());
const limit = ['--max-concurrent', String(places)];
const floor = await startPassThrough(productNode, upstream, places);
const remote = await startProxy(productNode, upstream, ['--backend', 'remote', ...limit]);
const ipc = await startProxy(productNode, upstream, ['--backend', 'ipc', ...limit]);
const servers = { floor, remote, ipc };
const everyServer = (measure) =>
  Object.fromEntries(Object.entries(servers).map(([name, server]) => [name, () => measure(server)]));

try {
  await warmUp();
  const results = {
    date: new Date().toISOString().slice(0, 10),
    node: productNode === process.execPath ? process.version : productNode,
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
    loadBefore,
    start: await start(),
    firstToken: {
      '1 KB': await firstToken(smallRequest(1), rounds(200)),
      '300 KB with 25 tools': await firstToken(agentRequest(1), rounds(40)),
      '2 MB history': await firstToken(longRequest(1), rounds(15)),
    },
    chunks: await chunks(),
    throughput: {
      'short answers (20 chunks)': await throughput(smallRequest(20), quick ? 64 : 640),
      'long answers (1,000 chunks)': await throughput(smallRequest(1_000), quick ? 64 : 192),
    },
    resident: await resident(),
  };
  const { violations } = await upstream.ask('violations');
  if (violations.length > 0) throw new Error(`The upstream was spoken to wrongly: ${violations.join('; ')}`);
  console.log(toMarkdown(results));
  if (!quick) write(results);
} finally {
  await Promise.all([...Object.values(servers), upstream].map((server) => server.stop()));
}

/** Code that has just been loaded is slow in every one of them. */
async function warmUp() {
  for (const { url } of Object.values(servers)) {
    for (let time = 0; time < rounds(50); time++) await chat(url, smallRequest(200));
    for (let time = 0; time < rounds(8); time++) await chat(url, agentRequest(1));
  }
}

async function start() {
  const samples = await interleaved(rounds(9), { product: () => measureStart(productNode) });
  const of = (name) => samples.product.map((sample) => sample[name]);
  return { listeningMs: median(of('listeningMs')), servedMs: median(of('servedMs')) };
}

/** Milliseconds to the first content, and what a proxy adds to those of the upstream itself. */
async function firstToken(body, times) {
  const samples = await interleaved(times, {
    direct: async () => (await chatDirectly(upstream, body)).firstMs,
    ...everyServer(async ({ url }) => (await chat(url, body)).firstMs),
  });
  const direct = median(samples.direct);
  const added = (name) => ({
    p50: median(samples[name]) - direct,
    p95: quantile(samples[name], 0.95) - quantile(samples.direct, 0.95),
  });
  return { directMs: direct, floor: added('floor'), remote: added('remote'), ipc: added('ipc') };
}

/** CPU seconds for 1,000 chunks that come one by one, and how many of them arrive as events of their own. */
async function chunks() {
  const streams = quick ? 4 : 16;
  const each = quick ? 100 : 1_000;
  const body = smallRequest(each, 200);
  const samples = await interleaved(
    rounds(3),
    everyServer(async ({ url, ask }) => {
      const before = await ask('usage');
      const answers = await Promise.all(Array.from({ length: streams }, () => chat(url, body)));
      const after = await ask('usage');
      return {
        cpuSeconds: ((after.cpuSeconds - before.cpuSeconds) / (streams * each)) * 1_000,
        events: answers.reduce((sum, { events }) => sum + events, 0) / (streams * each),
      };
    }),
  );
  return mapValues(samples, (sample) => ({
    cpuSeconds: median(sample.map(({ cpuSeconds }) => cpuSeconds)),
    events: median(sample.map(({ events }) => events)),
  }));
}

/** Answers a second with 64 clients at once, and the CPU seconds for 1,000 answers. */
async function throughput(body, count) {
  const samples = await interleaved(
    rounds(3),
    everyServer(async ({ url, ask }) => {
      const before = await ask('usage');
      const began = performance.now();
      await inParallel(64, count, () => chat(url, body));
      const seconds = (performance.now() - began) / 1_000;
      const after = await ask('usage');
      return {
        perSecond: count / seconds,
        cpuSeconds: ((after.cpuSeconds - before.cpuSeconds) / count) * 1_000,
      };
    }),
  );
  return mapValues(samples, (sample) => ({
    perSecond: median(sample.map(({ perSecond }) => perSecond)),
    cpuSeconds: median(sample.map(({ cpuSeconds }) => cpuSeconds)),
  }));
}

async function inParallel(clients, count, work) {
  let left = count;
  const client = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** Megabytes: of a proxy that has just started and warmed up, and of the ones that were measured. */
async function resident() {
  const fresh = await startProxy(productNode, upstream, ['--backend', 'remote']);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const atRest = (await fresh.ask('usage')).residentBytes / 1e6;
  await fresh.stop();
  const afterwards = {};
  for (const [name, { ask }] of Object.entries(servers)) {
    afterwards[name] = (await ask('usage')).residentBytes / 1e6;
  }
  return { atRest, afterwards };
}

function mapValues(record, map) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function write(results) {
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(join(root, 'docs', 'benchmarks.md'), toMarkdown(results));
  writeFileSync(join(root, 'docs', 'benchmarks.json'), `${JSON.stringify(results, undefined, 2)}\n`);
}
