import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Computer, pathsOf } from '../../src/clients/computer.ts';
import { connectors } from '../../src/clients/connectors.ts';
import type { Endpoint } from '../../src/clients/endpoint.ts';
import { planConnection } from '../../src/clients/plan.ts';
import { readPage } from './markdown-page.ts';

/** As the pages say: one model, no key, nothing there before. */
const endpoint: Endpoint = {
  url: 'http://127.0.0.1:8095',
  apiKey: '',
  model: 'kmodel',
  smallModel: '',
  models: [
    { id: 'kmodel', displayName: 'Kimi-K2.6', contextWindow: 256_000, vision: true, reasoning: false },
  ],
};
const computer: Computer = { env: {}, home: '/home/you', platform: 'linux' };

for (const connector of connectors) {
  if (connector.kind !== 'files') continue;
  test(`the page of ${connector.name} shows what connect writes, and where`, async () => {
    const page = readPage(`docs/clients/${connector.id}.md`);
    const { files } = await planConnection(connector, computer, endpoint);
    const [file, ...others] = files.filter(({ isGenerated }) => !isGenerated);
    assert.deepEqual(others, []);
    assert.deepEqual(
      page.blocks.filter(({ marks }) => marks.includes('written')).map(({ text }) => text.trimEnd()),
      [file?.after?.trimEnd()],
    );
    const name = pathsOf(computer).basename(file?.path ?? '');
    assert.ok(
      page.codeSpans.some((span) => span.endsWith(name)),
      name,
    );
  });
}
