// A reporter for node:test: one line of JSON a test (not the suites around them), written as it ends, so that a run which is cut off
// still tells what it found. `{"outcome": "passed"}`, or "failed" or "skipped" with a `complaint`; the last line is `{"ended": true}`.
export default async function* countTests(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    yield `${JSON.stringify(lineOf(type, data))}\n`;
  }
  yield `${JSON.stringify({ ended: true })}\n`;
}

function lineOf(type, data) {
  const where = `${data.file ?? ''}: ${data.name}`;
  if (data.skip !== undefined || data.todo !== undefined) {
    const why = typeof data.skip === 'string' ? ` (${data.skip})` : '';
    return { outcome: 'skipped', complaint: `SKIPPED  ${where}${why}` };
  }
  if (type === 'test:pass') return { outcome: 'passed' };
  return { outcome: 'failed', complaint: `FAILED   ${where}\n${indent(data.details?.error)}` };
}

function indent(error) {
  const text = String(error?.cause?.stack ?? error?.cause ?? error?.stack ?? error);
  return text.slice(0, 4_000).replace(/^/gm, '         ');
}
