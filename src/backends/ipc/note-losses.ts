import type { Trace } from '../../core/trace.ts';
import type { Sampling, Turn } from '../../core/turn.ts';

/** Puts on the record what of a turn a prompt cannot say. */
export function noteLosses(turn: Turn, lastMessageOnly: boolean, trace: Trace): void {
  const names: Record<Exclude<keyof Sampling, 'stop'>, string> = {
    temperature: 'temperature',
    topP: 'top_p',
    topK: 'top_k',
    maxOutputTokens: 'max_tokens',
    seed: 'seed',
    presencePenalty: 'presence_penalty',
    frequencyPenalty: 'frequency_penalty',
  };
  const fields = Object.entries(names).flatMap(([field, name]) => (field in turn.sampling ? [name] : []));
  if (fields.length > 0) trace.note({ type: 'ignored', fields });
  if (lastMessageOnly && (turn.messages.length > 1 || turn.system.length > 0)) {
    trace.note({
      type: 'remark',
      text: 'Session mode "reuse": only the last user message was sent; the session remembers what came before.',
    });
  }
}
