const names = { floor: 'pass-through', remote: 'remote', ipc: 'IPC' };

/** The results as a page for people. */
export function toMarkdown(results) {
  const { start, firstToken, chunks, throughput, resident } = results;
  return `# Benchmarks

Written by \`npm run bench\` on ${results.date}: ${results.cpu}, product on Node ${results.node}. The floor is a pass-through in Node that
parses the request, builds and signs the upstream one and pipes the answer's bytes unparsed. All was measured in one run and in
turn; the ratios to the floor say more than the figures. The machine's load before it began was ${digits(results.loadBefore, 1)}.

## Added time to the first token

Milliseconds more than the simulated upstream itself takes, one request at a time.

${table(
  ['request', 'upstream itself', ...Object.values(names).flatMap((name) => [`${name} p50`, 'p95'])],
  Object.entries(firstToken).map(([request, row]) => [
    request,
    digits(row.directMs),
    ...Object.keys(names).flatMap((name) => [digits(row[name].p50), digits(row[name].p95)]),
  ]),
)}

## Chunks

Chunks that come one by one, 200 a second on each of several streams at once.

${table(
  ['', 'CPU seconds per 1,000 chunks', 'ratio', 'client events per upstream chunk'],
  Object.entries(names).map(([key, name]) => [
    name,
    digits(chunks[key].cpuSeconds, 4),
    ratio(chunks[key].cpuSeconds, chunks.floor.cpuSeconds),
    digits(chunks[key].events, 3),
  ]),
)}

## Throughput

64 clients at once, 16 places, upstream as fast as it can.

${table(
  [
    'answers',
    ...Object.values(names).flatMap((name) => [
      `${name}: answers a second`,
      'ratio',
      'CPU seconds per 1,000',
      'ratio',
    ]),
  ],
  Object.entries(throughput).map(([answers, row]) => [
    answers,
    ...Object.keys(names).flatMap((key) => [
      digits(row[key].perSecond, 0),
      ratio(row[key].perSecond, row.floor.perSecond),
      digits(row[key].cpuSeconds, 2),
      ratio(row[key].cpuSeconds, row.floor.cpuSeconds),
    ]),
  ]),
)}

## Start and memory

From the command to listening ${digits(start.listeningMs, 0)} ms, to the first byte served ${digits(start.servedMs, 0)} ms. Resident ${digits(resident.atRest, 0)} MB at rest; after this benchmark
${Object.entries(names)
  .map(([key, name]) => `${name} ${digits(resident.afterwards[key], 0)} MB`)
  .join(', ')}.
`;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function digits(value, count = 2) {
  return value.toFixed(count);
}

function ratio(value, floor) {
  return `${(value / floor).toFixed(2)} ×`;
}
