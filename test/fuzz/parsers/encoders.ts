import { turnStepSchema } from '../../../src/control/turn-json.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import type { TurnEvent } from '../../../src/core/events.ts';
import { tryParseJson } from '../../../src/core/json.ts';
import type { FuzzedParser } from '../fuzzed-parser.ts';
import { assertEncodable, assertInOrder } from './turn-events.ts';

/** The three dialects' encoders. The input is a list of events, of which only what a backend could say is taken. */
export const encoders: FuzzedParser = {
  name: 'encoders',
  dictionary: [
    ...[
      'type',
      'turn-start',
      'keep-alive',
      'reasoning-delta',
      'text-delta',
      'tool-call-start',
      'tool-call-delta',
      'tool-call-end',
      'turn-end',
    ],
    ...[
      'text',
      'signature',
      'id',
      'name',
      'Bash',
      'namespace',
      'input',
      'reason',
      'stop',
      'length',
      'tool-calls',
      'content-filter',
    ],
    ...[
      'stopSequence',
      'usage',
      'source',
      'upstream',
      'estimate',
      'inputTokens',
      'outputTokens',
      'cachedInputTokens',
      '{}',
      '{"a":1}',
      '\u2028',
    ],
  ],
  async check(input) {
    const list = tryParseJson(input.toString());
    const given = (Array.isArray(list) ? list : []).flatMap((event: unknown) => {
      const step = turnStepSchema.safeParse({ event });
      return step.success && 'event' in step.data ? [step.data.event] : [];
    });
    const events = inOrder(given);
    const isOver = events.at(-1)?.type === 'turn-end';
    assertInOrder(events, isOver);
    const failure = isOver ? undefined : new ProxyError('upstream-unavailable', 'It broke off.');
    await assertEncodable(events, failure);
  },
};

/** What of some events a backend could say in this order. */
function inOrder(given: readonly TurnEvent[]): TurnEvent[] {
  const out: TurnEvent[] = [{ type: 'turn-start', model: 'kmodel', inputTokens: 1 }];
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const event of given) {
    if (event.type === 'turn-start') continue;
    if (event.type === 'tool-call-start') {
      if (seen.has(event.id) || event.id === '' || event.name === '') continue;
      seen.add(event.id);
      open.add(event.id);
    }
    if (event.type === 'tool-call-delta' && !open.has(event.id)) continue;
    if (event.type === 'tool-call-end' && !open.delete(event.id)) continue;
    if (event.type === 'turn-end') {
      for (const id of open) out.push({ type: 'tool-call-end', id });
      out.push(event);
      break;
    }
    out.push(event);
  }
  return out;
}
