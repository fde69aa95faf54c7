import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateTextTokens, estimateTurnTokens } from '../../src/core/tokens.ts';
import type { Turn } from '../../src/core/turn.ts';

const empty: Turn = {
  model: 'kmodel',
  system: [],
  messages: [],
  tools: [],
  toolChoice: { type: 'auto' },
  sampling: {},
  delivery: 'whole',
  metadata: {},
};

test('nothing costs nothing and anything costs something', () => {
  assert.equal(estimateTextTokens(''), 0);
  assert.equal(estimateTextTokens('a'), 1);
});

test('Latin letters cost about a quarter of a token, ideographs a whole one', () => {
  assert.equal(estimateTextTokens('a'.repeat(400)), 100);
  assert.equal(estimateTextTokens('中'.repeat(400)), 400);
});

test('everything that is sent counts: instructions, tools, calls, results, images', () => {
  const parts: Partial<Turn>[] = [
    { system: ['Be brief.'] },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'hello there' }] }] },
    {
      messages: [
        { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'read', input: '{"a":1}' }] },
      ],
    },
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'tool-result', callId: '1', content: [{ type: 'text', text: 'done' }] }],
        },
      ],
    },
    {
      messages: [
        {
          role: 'user',
          content: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA' } }],
        },
      ],
    },
    { tools: [{ kind: 'function', name: 'read', description: 'Reads.', inputSchema: { type: 'object' } }] },
  ];
  for (const part of parts) assert.ok(estimateTurnTokens({ ...empty, ...part }) > 0, JSON.stringify(part));
  assert.equal(estimateTurnTokens(empty), 0);
});

test('thoughts of earlier answers are not sent, so they do not count', () => {
  const content = [{ type: 'text', text: 'yes' } as const];
  const withThought: Turn = {
    ...empty,
    messages: [
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'a long thought '.repeat(100) }, ...content],
      },
    ],
  };
  assert.equal(
    estimateTurnTokens(withThought),
    estimateTurnTokens({ ...empty, messages: [{ role: 'assistant', content }] }),
  );
});
