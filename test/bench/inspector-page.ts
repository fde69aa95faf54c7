// Measures the inspector's page in a Chromium: how long frames take while requests come and somebody scrolls, and how long it takes
// to open a long list and a large body.
//   npm run bench:inspector              writes docs/benchmarks-inspector.md; needs a Chromium (see test/vscode/install-chromium.ts)
//   npm run bench:inspector -- --quick   a few seconds, to see that it runs; writes nothing
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inspector as inspectionCore } from '../inspection/inspector.ts';
import { answered, record, recorder } from '../inspection/recorded.ts';
import { type InspectorPage, startPages } from '../webview-ui/inspector-page.ts';
import { sampleRequest, sampleRequests } from '../webview-ui/sample-requests.ts';

const quick = process.argv.includes('--quick');
const seconds = quick ? 5 : 60;
const shortSeconds = quick ? 2 : 10;
const batchesPerSecond = 10;
const changesPerBatch = 20;
const rounds = 5;
const largeBody = {
  model: 'kmodel',
  max_tokens: 100,
  stream: true,
  messages: Array.from({ length: 5_000 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: `${index} ${'const answer = await ask(question); '.repeat(28)}`,
  })),
};
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
  const list = await measureOpeningList();
  const body = await measureOpeningBody();
  const text = report(
    [
      ['nothing happens', idle],
      ['scrolling', scrolling],
      [`scrolling, ${batchesPerSecond * changesPerBatch} changes a second for ${seconds} s`, storm],
    ],
    list,
    body,
  );
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

/** Milliseconds from the page's question for 10,000 requests to the frame that shows the first of them. */
async function measureOpeningList(): Promise<number> {
  const requests = sampleRequests(10_000);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const inspector = await pages.open({ answers: { list: () => ({ requests: [] }) } });
    await inspector.page.getByText('No requests yet').waitFor();
    let asked: number | undefined;
    inspector.answers.list = () => {
      asked ??= performance.timeOrigin + performance.now();
      return { requests };
    };
    await inspector.page.evaluate(`void (globalThis.shown = new Promise((resolve) => {
      const look = () => {
        const tab = document.querySelector('inspector-app').shadowRoot.querySelector('requests-tab');
        const row = tab.shadowRoot.querySelector('request-table')?.shadowRoot.querySelector('.row');
        if (row) resolve(performance.timeOrigin + performance.now());
        else requestAnimationFrame(look);
      };
      look();
    }))`);
    await inspector.send({ type: 'proxy', running: true, url: 'http://127.0.0.1:1', attached: false });
    const shown = await inspector.page.evaluate<number>('globalThis.shown');
    times.push(shown - (asked ?? Number.NaN));
    await inspector.close();
  }
  return median(times);
}

interface OpenedBody {
  /** Milliseconds that the inspection core took to answer. */
  readonly core: number;
  /** Milliseconds from the arrival of the answer in the page to the frame that shows the body. */
  readonly page: number;
  /** Milliseconds from the click to that frame: core, page, and the way between them, which here is the browser's remote control. */
  readonly whole: number;
}

/** A request whose client sent 5 MB of history, opened on its wires for the first time. */
async function measureOpeningBody(): Promise<OpenedBody> {
  const core: number[] = [];
  const page: number[] = [];
  const whole: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const records = recorder({ bodyLimit: 16_000_000 });
    const { ask } = inspectionCore({ recorder: records });
    const kept = await record({ body: largeBody, events: answered }, records);
    const summary = kept.toSummary();
    const inspector = await pages.open({
      answers: {
        list: () => ({ requests: [summary] }),
        request: (input) => ask('request', input),
        conversation: () => ({ system: [], tools: [], messages: [] }),
        async body(input) {
          if (input.part.pane !== 'client') return { text: '', format: 'text', omitted: 0 };
          const from = performance.now();
          const body = await ask('body', input);
          core.push(performance.now() - from);
          return body;
        },
      },
    });
    await inspector.page.locator('request-table .row').first().click();
    await inspector.page.getByRole('tab', { name: 'Wire' }).waitFor();
    const opened = await inspector.page.evaluate<
      Pick<OpenedBody, 'page' | 'whole'>
    >(`new Promise((resolve) => {
        let arrived;
        addEventListener('message', ({ data, timeStamp }) => {
          if (data.output?.text?.length > 1_000_000) arrived = timeStamp;
        });
        const within = (root, selector) => root?.shadowRoot?.querySelector(selector);
        const detail = ['requests-tab', 'request-detail'].reduce(within, document.querySelector('inspector-app'));
        const from = performance.now();
        within(detail, '#tab-wire').click();
        const look = () => {
          const pane = within(within(detail, 'wire-view'), 'body-pane');
          const now = performance.now();
          if (within(within(pane, 'json-tree'), '[role=treeitem]')) resolve({ page: now - arrived, whole: now - from });
          else requestAnimationFrame(look);
        };
        look();
      })`);
    page.push(opened.page);
    whole.push(opened.whole);
    await inspector.close();
  }
  return { core: median(core), page: median(page), whole: median(whole) };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(rows: readonly (readonly [string, Frames])[], list: number, body: OpenedBody): string {
  const ms = (value: number) => value.toFixed(1);
  const lines = rows.map(
    ([name, { p50, p95, p99, longest, perSecond }]) =>
      `| ${name} | ${ms(p50)} | ${ms(p95)} | ${ms(p99)} | ${ms(longest)} | ${perSecond.toFixed(0)} |`,
  );
  return `# The inspector's page

Written by \`npm run bench:inspector\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} × ${cpus()[0]?.model.trim()},
Chromium without a GPU, so that drawing is the processor's work, too. The machine's load before it began was ${loadBefore.toFixed(1)}.

Milliseconds between two frames of a list of 10,000 requests, 1,400 × 800 pixels:

| | P50 | P95 | P99 | longest | frames a second |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

| opened | milliseconds, median of ${rounds} |
| --- | --- |
| a list of 10,000 requests, from the question to the frame that shows it | ${ms(list)} |
| a body of ${(JSON.stringify(largeBody).length / 1e6).toFixed(1)} MB, from the click to the frame that shows it | ${ms(body.whole)} |
| of these, in the inspection core | ${ms(body.core)} |
| of these, in the page, from the arrival of the answer | ${ms(body.page)} |

What is left of the body's time is its way through the browser's remote control, which stands in for VS Code's own here.
`;
}
