import { type Policy, type RunContext, withRun } from '../core/backend.ts';
import type { TurnEvent, TurnStart } from '../core/events.ts';
import type { Turn } from '../core/turn.ts';
import { RunUsage } from './run-usage.ts';
import { StopMatcher } from './stop-sequences/stop-matcher.ts';

/**
 * Honours stop sequences for an upstream that has no field for them: cuts the visible text before the first sequence, says
 * which one it was, and cancels the upstream turn. Reasoning and tool input are not searched.
 */
export function stopSequences(): Policy {
  return (inner) =>
    withRun(inner, (turn, context) => {
      const sequences = turn.sampling.stop?.filter((sequence) => sequence !== '') ?? [];
      return sequences.length === 0
        ? inner.run(turn, context)
        : cutAtStop((rest) => inner.run(rest, context), turn, sequences, context);
    });
}

async function* cutAtStop(
  run: (turn: Turn) => AsyncIterable<TurnEvent>,
  turn: Turn,
  sequences: readonly string[],
  context: RunContext,
): AsyncGenerator<TurnEvent> {
  const { stop: _, ...sampling } = turn.sampling;
  const matcher = new StopMatcher(sequences);
  const shown: string[] = [];
  let start: TurnStart | undefined;
  for await (const event of run({ ...turn, sampling })) {
    if (event.type === 'text-delta') {
      const { text, stop } = matcher.push(event.text);
      if (text !== '') yield { type: 'text-delta', text };
      shown.push(event.text);
      if (stop === undefined) continue;
      const usage = new RunUsage();
      usage.addCutShort(start, shown.join(''));
      context.trace.note({ type: 'remark', text: 'The answer was cut at a stop sequence of the client.' });
      yield { type: 'turn-end', reason: 'stop', stopSequence: stop, usage: usage.sum() };
      return;
    }
    if (event.type === 'turn-start') start = event;
    if (event.type !== 'keep-alive') {
      const held = matcher.flush();
      if (held !== '') yield { type: 'text-delta', text: held };
    }
    yield event;
  }
}
