import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRequests } from '../../src/inspection/compare.ts';
import { answered, record, recorder } from './recorded.ts';

const tools = [
  { name: 'read', description: 'Reads', input_schema: { type: 'object' } },
  { name: 'write', description: 'Writes', input_schema: { type: 'object' } },
];
const base = {
  max_tokens: 9,
  system: 'You help.',
  tools,
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: 'What is it?' },
  ],
};

async function compare(left: object, right: object) {
  const of = (body: object) => record({ body, events: answered }, recorder({ bodyLimit: 20_000_000 }));
  return compareRequests(await of(left), await of(right));
}

test('a conversation that goes on keeps its whole prefix', async () => {
  const on = { ...base, messages: [...base.messages, { role: 'assistant', content: 'A tree.' }] };
  const { divergence, commonPrefix, shorter } = await compare(base, on);
  assert.equal(divergence, undefined);
  assert.equal(commonPrefix, shorter);
  assert.ok(shorter > 100);
});

test('the first thing that breaks a prefix is named: a tool before the system prompt before a message', async () => {
  const messages = base.messages.with(0, { role: 'user', content: 'Ho' });
  const message = await compare(base, { ...base, messages });
  assert.equal(message.divergence?.where, 'message 1 (user)');
  assert.ok(message.divergence?.left.includes('Hi') && message.divergence.right.includes('Ho'));
  const system = await compare(base, { ...base, messages, system: 'You harm.' });
  assert.deepEqual(system.divergence, { where: 'system 1', left: 'You help.', right: 'You harm.' });
  const tool = await compare(base, { ...base, messages, system: 'x', tools: tools.toReversed() });
  assert.equal(tool.divergence?.where, 'tool read / tool write');
  assert.equal(tool.commonPrefix, 0);
  assert.ok(message.commonPrefix > system.commonPrefix && system.commonPrefix > tool.commonPrefix);
});

test('a change deep in a long text is shown with its surroundings only', async () => {
  const text = (word: string) =>
    `${'so far so good. '.repeat(5_000)}${word}${' and on it goes.'.repeat(5_000)}`;
  const { divergence } = await compare(
    { ...base, system: text('Monday') },
    { ...base, system: text('Tuesday') },
  );
  assert.ok(divergence);
  assert.ok(divergence.left.includes('Monday') && divergence.right.includes('Tuesday'));
  assert.ok(divergence.left.length < 1_000);
});

test('the diff shows the lines that differ, also those within one text', async () => {
  const text = (word: string) =>
    Array.from({ length: 50 }, (_, line) => `line ${line}${line === 25 ? word : ''}`).join('\n');
  const { diff } = await compare({ ...base, system: text(' one') }, { ...base, system: text(' two') });
  assert.match(diff, /^--- req_\w+\n\+\+\+ req_\w+\n@@ /);
  const changed = diff.split('\n').filter((line) => /^[+-](?![+-])/.test(line));
  assert.deepEqual(changed, [String.raw`-line 25 one\n`, String.raw`+line 25 two\n`]);
});

test('large bodies with little in common cost bounded work, and give a bounded diff', async () => {
  const messages = (seed: number) =>
    Array.from({ length: 20_000 }, (_, index) => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: `${seed} ${'x'.repeat(100)} ${index * seed}`,
    }));
  const { diff } = await compare({ ...base, messages: messages(3) }, { ...base, messages: messages(7) });
  assert.ok(diff.length < 1_001_000, `${diff.length}`);
  assert.match(diff, /more characters\n$/);
});
