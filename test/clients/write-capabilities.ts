// Writes docs/capabilities.md from what the tests of real clients found out when they ran last.
//   rm -r .cache/capabilities; node test/run.mjs clients; node test/clients/write-capabilities.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Capability, readCapabilities } from './capability-records.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const capabilities = readCapabilities();
const names = [...new Set(capabilities.map(({ client }) => client.name))].sort();
const dates = capabilities.map(({ date }) => date).sort();

mkdirSync(docs, { recursive: true });
writeFileSync(
  join(docs, 'capabilities.md'),
  `# What works in which client

Each line is a test: the real client, unmodified, does it through the built proxy, in front of a simulated Lingma that
refuses what the real one would. A line is here only if its test ran;
\`node test/clients/write-capabilities.ts\` writes this page anew.

Last run: ${dates.at(-1) ?? 'never'}.
${names
  .map((name) =>
    section(
      name,
      capabilities.filter(({ client }) => client.name === name),
    ),
  )
  .join('')}`,
);

function section(name: string, tried: readonly Capability[]): string {
  const features = [...new Set(tried.map(({ feature }) => feature))];
  const rows = features.map(
    (feature) => `| ${feature} | ${mark(tried, feature, 'remote')} | ${mark(tried, feature, 'ipc')} |`,
  );
  return `
## ${name} ${tried[0]?.version ?? ''}

| | remote | ipc |
|---|---|---|
${rows.join('\n')}
`;
}

function mark(tried: readonly Capability[], feature: string, backend: Capability['backend']): string {
  const outcome = tried.find((one) => one.feature === feature && one.backend === backend);
  if (outcome === undefined) return 'not tried';
  return outcome.works ? 'yes' : 'no';
}
