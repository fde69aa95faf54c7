// A reporter for node:test that counts the tests (not the suites around them) and names what failed or was skipped.
export default async function* countTests(source) {
  const counted = { passed: 0, failed: 0, skipped: 0, complaints: [] };
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite') continue;
    const where = `${data.file ?? ''}: ${data.name}`;
    if (data.skip !== undefined || data.todo !== undefined) {
      counted.skipped++;
      counted.complaints.push(`SKIPPED  ${where}${typeof data.skip === 'string' ? ` (${data.skip})` : ''}`);
    } else if (type === 'test:pass') counted.passed++;
    else {
      counted.failed++;
      counted.complaints.push(`FAILED   ${where}\n${indent(data.details?.error)}`);
    }
  }
  yield JSON.stringify(counted);
}

function indent(error) {
  const text = String(error?.cause?.stack ?? error?.cause ?? error?.stack ?? error);
  return text.slice(0, 4_000).replace(/^/gm, '         ');
}
