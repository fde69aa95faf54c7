import type { Message, Turn } from '../../../src/core/turn.ts';

/** A turn with what a test says of it and nothing else. */
export function makeTurn(fields: Partial<Turn> = {}): Turn {
  return {
    model: 'Kimi-K2.6',
    system: [],
    messages: [user('Hello')],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'incremental',
    metadata: {},
    ...fields,
  };
}

export function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

export function assistant(text: string): Message {
  return { role: 'assistant', content: [{ type: 'text', text }] };
}
