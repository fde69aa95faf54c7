import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BlockEvent, BlockSequencer } from '../../src/core/blocks.ts';
import type { TurnEvent } from '../../src/core/events.ts';

const end: TurnEvent = {
  type: 'turn-end',
  reason: 'stop',
  usage: { source: 'upstream', inputTokens: 1, outputTokens: 1 },
};

function sequence(events: readonly TurnEvent[]): string[] {
  const blocks = new BlockSequencer();
  return events.flatMap((event) => blocks.push(event)).map(brief);
}

function brief(event: BlockEvent): string {
  const { block } = event;
  const name = block.kind === 'tool-call' ? block.id : block.kind;
  switch (event.type) {
    case 'block-start':
      return `${event.index} start ${name}`;
    case 'block-delta':
      return `${event.index} delta ${event.text}`;
    case 'block-stop':
      return `${event.index} stop ${event.text}${event.signature ? ` signed ${event.signature}` : ''}`;
    default:
      return event satisfies never;
  }
}

test('neighbouring deltas of one kind share a block, another kind opens the next', () => {
  assert.deepEqual(
    sequence([
      { type: 'turn-start', model: 'm', inputTokens: 1 },
      { type: 'reasoning-delta', text: 'think' },
      { type: 'reasoning-delta', text: 'ing', signature: 's' },
      { type: 'text-delta', text: 'Hel' },
      { type: 'keep-alive' },
      { type: 'text-delta', text: 'lo' },
      end,
    ]),
    [
      '0 start reasoning',
      '0 delta think',
      '0 delta ing',
      '0 stop thinking signed s',
      '1 start text',
      '1 delta Hel',
      '1 delta lo',
      '1 stop Hello',
    ],
  );
});

test('a call that ends lets the next one stream', () => {
  assert.deepEqual(
    sequence([
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-delta', id: 'a', input: '{}' },
      { type: 'tool-call-end', id: 'a' },
      { type: 'tool-call-start', id: 'b', name: 'read' },
      { type: 'tool-call-delta', id: 'b', input: '{' },
      { type: 'tool-call-delta', id: 'b', input: '}' },
      end,
    ]),
    ['0 start a', '0 delta {}', '0 stop {}', '1 start b', '1 delta {', '1 delta }', '1 stop {}'],
  );
});

test('calls that overlap come out one after the other, each whole', () => {
  assert.deepEqual(
    sequence([
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-delta', id: 'a', input: '{"x"' },
      { type: 'tool-call-start', id: 'b', name: 'read' },
      { type: 'tool-call-delta', id: 'b', input: '{"y"' },
      { type: 'tool-call-delta', id: 'a', input: ':1}' },
      { type: 'tool-call-delta', id: 'b', input: ':2}' },
      { type: 'tool-call-end', id: 'a' },
      { type: 'tool-call-end', id: 'b' },
      end,
    ]),
    [
      '0 start a',
      '0 delta {"x"',
      '0 delta :1}',
      '0 stop {"x":1}',
      '1 start b',
      '1 delta {"y":2}',
      '1 stop {"y":2}',
    ],
  );
});

test('a waiting call that has ended already is closed before the one behind it begins', () => {
  assert.deepEqual(
    sequence([
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-start', id: 'b', name: 'read' },
      { type: 'tool-call-start', id: 'c', name: 'read' },
      { type: 'tool-call-delta', id: 'b', input: 'B' },
      { type: 'tool-call-end', id: 'b' },
      { type: 'tool-call-end', id: 'a' },
      { type: 'tool-call-delta', id: 'c', input: 'C' },
      end,
    ]),
    ['0 start a', '0 stop ', '1 start b', '1 delta B', '1 stop B', '2 start c', '2 delta C', '2 stop C'],
  );
});

test('text after an unfinished call closes it and those that wait', () => {
  assert.deepEqual(
    sequence([
      { type: 'tool-call-start', id: 'a', name: 'read' },
      { type: 'tool-call-start', id: 'b', name: 'read' },
      { type: 'tool-call-delta', id: 'b', input: 'B' },
      { type: 'text-delta', text: 'after' },
      end,
    ]),
    [
      '0 start a',
      '0 stop ',
      '1 start b',
      '1 delta B',
      '1 stop B',
      '2 start text',
      '2 delta after',
      '2 stop after',
    ],
  );
});

test('an empty text opens no block', () => {
  assert.deepEqual(sequence([{ type: 'text-delta', text: '' }, end]), []);
});
