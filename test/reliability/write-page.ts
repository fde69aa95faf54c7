import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Matrix, targets } from '../faults/matrix.ts';
import type { FuzzResult } from '../fuzz/fuzz.ts';
import { mostGiven, mostHeap, mostHeapGrowth, type SoakResult } from '../soak/soak.ts';
import { readMeasurement } from './measurement.ts';

// Writes docs/reliability.md from what the last runs of `npm run test:faults`, `npm run test:fuzz` and `npm run test:soak` measured.

interface Counted {
  readonly tried: number;
  readonly passed: number;
  readonly leaked: number;
}

const root = join(import.meta.dirname, '..', '..');
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim();
const matrices = Object.keys(targets).map((name) => readMeasurement<Matrix>(`faults-${name}`));
const fuzzed = readMeasurement<FuzzResult>('fuzz');
const soak = readMeasurement<SoakResult>('soak');

writeFileSync(join(root, 'docs', 'reliability.md'), `${page().trim()}\n`);

function page(): string {
  return `
# Reliability

What happens when something goes wrong, and what was measured. This page is written by \`npm run reliability\`, which runs
\`npm run test:faults\`, \`npm run test:fuzz\` and \`npm run test:soak\` first; nothing on it is written by hand. The upstream is the simulated Lingma of
this repository, on the same computer.

Version ${version}, ${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}. The tests ran
on Node ${process.versions.node}, the soaked program on ${soak.node}.

## Faults of the upstream

Each fault strikes each way to ask: Chat Completions, Responses and Messages, streamed and whole, and, which need no upstream at that
moment, \`count_tokens\` and the model list. A try passes when

- the client gets either the whole and right answer, or its API's own error with the right status (a stream that has begun: the API's
  own error event). Which of the two is fixed for each fault; where the fault may come too late to do harm, both are right.
- afterwards nothing runs upstream, no session is open in the runtime, every place for a request is free,
- and the next request, with the fault mended, is answered right.

After each fault the process must hold no socket, timer or temporary file more than before: that is what *leaked* counts.

${table(
  ['', 'faults', 'tried', 'passed', 'leaked'],
  matrices.map(({ target, rows }) => [target, rows.length, ...counts(rows)]),
)}

${matrices.map(faultTable).join('\n\n')}

## Parsers

\`npm run test:fuzz -- --seconds ${fuzzed.seconds} --seed ${fuzzed.seed}\`: every parser of what somebody else wrote, with the inputs of its corpus
(\`test/fuzz/corpus\`, kept because they once failed or reached code that others did not) and then with what changes of bytes, words and
JSON values make of them, for an equal share of the time each. A try passes when the parser gives a result or its own error, the same however
its input is cut into pieces, and changes nothing outside it. A parser that makes no progress for 15 s, or needs more than 768 MB, ends the run.

${table(
  ['parser', 'corpus', 'tried', 'passed', 'failed'],
  fuzzed.rows.map(({ parser, corpus, tried, passed, failed }) => [parser, corpus, tried, passed, failed]),
)}

## Soak

\`npm run test:soak -- --minutes ${soak.minutes} --seed ${soak.seed}\`: ${soak.clients} clients at once against the built command line, one process for each backend, before the
simulated Lingma in a process of its own. All three APIs, streamed and whole, with tools, reasoning, images, and histories of up to
200,000 characters. Clients read at once or slowly, stop reading for a while or for good, leave at any moment (before all is sent, too),
reset their connection, close only their half, send requests ahead and break off. In the first 70 % of the time the runtime restarts on
other ports and the login is renewed; in the rest the proxies restart as well. Client and model make up each question and answer from its
seed independently, and every answer that is read to its end is compared whole: text, reasoning, and the tools' arguments.

In ${soak.minutes} minutes: ${soak.requests} requests, ${soak.rightAnswers} answers read to their end and right; ${soak.restarts.runtime} restarts of the runtime, ${soak.restarts.proxies} of proxies,
${soak.restarts.login} new logins. *During a restart* an answer may fail, with the API's own error; if a proxy restarts, by its connection breaking, too.

${table(
  ['', 'tried', 'passed', 'leaked'],
  Object.entries(soak.rows)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, row]) => [name, ...counts([row])]),
)}

### Memory

Sampled after a garbage collection while the traffic runs. The heap holds the records of the latest requests, 64 MB at most, so it
grows until they are full. It counts as flat when it stays below ${megabytes(mostHeap)} MB and the straight line through the second half of the samples
rises by at most ${megabytes(mostHeapGrowth)} MB a minute; in a run of less than a minute the records are not full yet, and only the bound counts.

${table(
  [
    '',
    'samples',
    'minutes',
    'heap first, MB',
    'heap last, MB',
    'rise in the second half, MB a minute',
    'most resident, MB',
    'most descriptors',
  ],
  Object.entries(soak.memory).map(([name, memory]) => [
    name,
    memory.samples,
    memory.minutes.toFixed(1),
    megabytes(memory.firstHeap),
    megabytes(memory.lastHeap),
    megabytes(memory.heapGrowth),
    megabytes(memory.mostResident),
    memory.mostDescriptors,
  ]),
)}

### A client that stops reading

An answer without end whose client reads nothing. Upstream must have given at most ${megabytes(mostGiven)} million characters when it gives no more, with the
operating system's own buffers between three processes. Over the remote API upstream waits, for as long as the client stays. Over the local
runtime all answers share one connection, which cannot wait for one of them: there the answer is ended.

${table(
  ['', 'API', 'given, million characters', 'heap grew by, MB'],
  soak.backpressure.map(({ backend, api, given, heapGrowth }) => [
    backend,
    api,
    megabytes(given),
    megabytes(heapGrowth),
  ]),
)}
`;
}

function faultTable({ target, rows }: Matrix): string {
  const cells = rows.map((row) => [row.fault, ...counts([row])]);
  return `### ${target}\n\n${table(['fault', 'tried', 'passed', 'leaked'], cells)}`;
}

function counts(rows: readonly Counted[]): number[] {
  return (['tried', 'passed', 'leaked'] as const).map((key) => rows.reduce((sum, row) => sum + row[key], 0));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1).replace(/\.0$/, '');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}
