import { type Backend, type Policy, type RunContext, withRun } from '../core/backend.ts';
import { missingEnd } from '../core/collect.ts';
import { toProxyError } from '../core/errors.ts';
import type { TurnEnd, TurnEvent } from '../core/events.ts';
import { tryParseJson } from '../core/json.ts';
import type { ResponseFormat, Turn } from '../core/turn.ts';
import { FenceStripper } from './json-output/fence-stripper.ts';
import { findMismatch } from './json-output/find-mismatch.ts';
import { RunUsage } from './run-usage.ts';

/**
 * Honours a JSON response format for an upstream that has no field for it: the demand becomes an instruction, a code fence
 * around the answer is taken off, and the answer is checked. One that does not fit is asked for once more when nothing has
 * been shown (whole delivery), else passed on with a remark on the record.
 */
export function jsonOutput(): Policy {
  return (inner) =>
    withRun(inner, (turn, context) => {
      const { responseFormat, ...rest } = turn;
      if (responseFormat === undefined) return inner.run(turn, context);
      const asked = { ...rest, system: [...turn.system, writeDemand(responseFormat)] };
      return turn.delivery === 'whole'
        ? runWhole(inner, asked, responseFormat, context)
        : runIncremental(inner, asked, responseFormat, context);
    });
}

function writeDemand(format: ResponseFormat): string {
  const rule =
    'Your answer, apart from tool calls, must be one valid JSON value and nothing else: no code fence, no text before or after it.';
  if (format.type === 'json-object') return `${rule} It must be a JSON object.`;
  const name = format.name === undefined ? '' : ` named "${format.name}"`;
  return `${rule} It must fit this JSON Schema${name}:\n${JSON.stringify(format.schema)}`;
}

/** What is wrong with an answer, in words, or undefined when it fits. */
function findProblem(answer: string, format: ResponseFormat): string | undefined {
  const value = tryParseJson(answer);
  if (value === undefined) return 'it is not valid JSON';
  return findMismatch(value, format.type === 'json-schema' ? format.schema : { type: 'object' });
}

/** Passes events on with the fence taken off the text; gathers the text in `shown`. */
async function* stripped(events: AsyncIterable<TurnEvent>, shown: string[]): AsyncGenerator<TurnEvent> {
  const stripper = new FenceStripper();
  const give = function* (text: string): Generator<TurnEvent> {
    if (text === '') return;
    shown.push(text);
    yield { type: 'text-delta', text };
  };
  for await (const event of events) {
    if (event.type === 'text-delta') {
      yield* give(stripper.push(event.text));
    } else {
      if (event.type === 'turn-end' || event.type === 'tool-call-start') yield* give(stripper.end());
      yield event;
    }
  }
}

async function* runIncremental(
  inner: Backend,
  turn: Turn,
  format: ResponseFormat,
  context: RunContext,
): AsyncGenerator<TurnEvent> {
  const shown: string[] = [];
  for await (const event of stripped(inner.run(turn, context), shown)) {
    if (event.type === 'turn-end' && event.reason !== 'tool-calls')
      noteProblem(findProblem(shown.join(''), format), context);
    yield event;
  }
}

async function* runWhole(
  inner: Backend,
  turn: Turn,
  format: ResponseFormat,
  context: RunContext,
): AsyncGenerator<TurnEvent> {
  const usage = new RunUsage();
  const first = await readWhole(inner, turn, context, usage);
  const problem = first.end.reason === 'stop' ? findProblem(first.text, format) : undefined;
  if (problem === undefined) {
    yield* first.events;
    yield first.end;
    return;
  }
  context.trace.note({
    type: 'attempt',
    backend: 'json-output',
    model: turn.model,
    why: `The answer does not fit the response format: ${problem}.`,
  });
  const answer = await readAgain(inner, correction(turn, first.text, problem), context, usage, first);
  if (answer.end.reason === 'stop') noteProblem(findProblem(answer.text, format), context);
  yield* answer.events;
  yield { ...answer.end, usage: usage.sum() };
}

interface WholeAnswer {
  readonly events: readonly TurnEvent[];
  readonly text: string;
  readonly end: TurnEnd;
}

async function readWhole(
  inner: Backend,
  turn: Turn,
  context: RunContext,
  usage: RunUsage,
): Promise<WholeAnswer> {
  const events: TurnEvent[] = [];
  const shown: string[] = [];
  for await (const event of stripped(inner.run(turn, context), shown)) {
    if (event.type === 'turn-end') {
      usage.addEnd(event);
      return { events, text: shown.join(''), end: event };
    }
    events.push(event);
  }
  throw missingEnd();
}

/** A second answer; the first when asking for it fails. */
async function readAgain(
  inner: Backend,
  turn: Turn,
  context: RunContext,
  usage: RunUsage,
  first: WholeAnswer,
): Promise<WholeAnswer> {
  try {
    return await readWhole(inner, turn, context, usage);
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    const text = `Asking for a better answer failed (${toProxyError(thrown).kind}); the first one is passed on.`;
    context.trace.note({ type: 'remark', text });
    return first;
  }
}

function correction(turn: Turn, answer: string, problem: string): Turn {
  const request = `That answer does not fit the demanded form: ${problem}. Answer again with the corrected JSON and nothing else.`;
  return {
    ...turn,
    messages: [
      ...turn.messages,
      { role: 'assistant', content: [{ type: 'text', text: answer }] },
      { role: 'user', content: [{ type: 'text', text: request }] },
    ],
  };
}

function noteProblem(problem: string | undefined, { trace }: RunContext): void {
  if (problem === undefined) return;
  trace.note({
    type: 'remark',
    text: `The answer does not fit the response format that the client asked for: ${problem}.`,
  });
}
