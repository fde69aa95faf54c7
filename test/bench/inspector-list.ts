// Measures the inspector's list in a Chromium: how long frames take while requests come and somebody scrolls.
//   npm run bench:inspector              writes docs/benchmarks-inspector.md; needs a Chromium (see test/vscode/install-chromium.ts)
//   npm run bench:inspector -- --quick   a few seconds, to see that it runs; writes nothing
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type InspectorPage, startPages } from '../webview-ui/inspector-page.ts';
import { sampleRequest, sampleRequests } from '../webview-ui/sample-requests.ts';

const quick = process.argv.includes('--quick');
const seconds = quick ? 5 : 60;
const shortSeconds = quick ? 2 : 10;
const batchesPerSecond = 10;
const changesPerBatch = 20;
const loadBefore = loadavg()[0] ?? 0;

interface Frames {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  readonly perSecond: number;
}

const pages = await startPages();
try {
  const idle = await measure({ scrolls: false, changes: false, seconds: shortSeconds });
  const scrolling = await measure({ scrolls: true, changes: false, seconds: shortSeconds });
  const storm = await measure({ scrolls: true, changes: true, seconds });
  const text = report([
    ['nothing happens', idle],
    ['scrolling', scrolling],
    [`scrolling, ${batchesPerSecond * changesPerBatch} changes a second for ${seconds} s`, storm],
  ]);
  console.log(text);
  if (!quick) writeFileSync(join(import.meta.dirname, '..', '..', 'docs', 'benchmarks-inspector.md'), text);
} finally {
  await pages.close();
}

async function openList(): Promise<InspectorPage> {
  const inspector = await pages.open({ answers: { list: () => ({ requests: sampleRequests(10_000) }) } });
  await inspector.page.locator('request-table .row').first().waitFor();
  return inspector;
}

/** Frames of a list of 10,000 requests. */
async function measure(what: { scrolls: boolean; changes: boolean; seconds: number }): Promise<Frames> {
  const inspector = await openList();
  await inspector.page.evaluate(`{
    const grid = document.querySelector('inspector-app').shadowRoot.querySelector('requests-tab')
      .shadowRoot.querySelector('request-table').shadowRoot.querySelector('.grid');
    globalThis.frames = [];
    let last = performance.now();
    let step = 37;
    const frame = (now) => {
      globalThis.frames.push(now - last);
      last = now;
      if (${what.scrolls}) {
        if (grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 40 || grid.scrollTop <= 0) step = -step;
        grid.scrollTop += grid.scrollTop <= 0 ? Math.abs(step) : step;
      }
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }`);
  const end = performance.now() + what.seconds * 1_000;
  for (let next = 10_000; performance.now() < end; next += changesPerBatch) {
    const changed = Array.from({ length: changesPerBatch }, (_, index) => sampleRequest(next + index));
    if (what.changes) await inspector.send({ type: 'requests', changed });
    await delay(1_000 / batchesPerSecond);
  }
  const times = await inspector.page.evaluate<number[]>('globalThis.frames.slice(5)');
  await inspector.close();
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    longest: at(1),
    perSecond: times.length / what.seconds,
  };
}

function report(rows: readonly (readonly [string, Frames])[]): string {
  const ms = (value: number) => value.toFixed(1);
  const lines = rows.map(
    ([name, { p50, p95, p99, longest, perSecond }]) =>
      `| ${name} | ${ms(p50)} | ${ms(p95)} | ${ms(p99)} | ${ms(longest)} | ${perSecond.toFixed(0)} |`,
  );
  return `# The inspector's list

Written by \`npm run bench:inspector\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model.trim()},
Chromium without a GPU, so that drawing is the processor's work, too. The machine's load before it began was ${loadBefore.toFixed(1)}.

Milliseconds between two frames of a list of 10,000 requests, 1,400 × 800 pixels:

| | P50 | P95 | P99 | longest | frames a second |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`;
}
