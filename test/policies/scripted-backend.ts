import type { Backend, RunContext } from '../../src/core/backend.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import type { Model } from '../../src/core/models.ts';
import { noTrace, type TraceNote } from '../../src/core/trace.ts';
import type { FunctionTool, JsonSchema, Turn } from '../../src/core/turn.ts';

export const usage = { source: 'upstream', inputTokens: 10, outputTokens: 5 } as const;
export const start: TurnEvent = { type: 'turn-start', model: 'kmodel', inputTokens: 10 };
export const end: TurnEvent = { type: 'turn-end', reason: 'stop', usage };

export function text(...pieces: string[]): TurnEvent[] {
  return pieces.map((piece) => ({ type: 'text-delta', text: piece }));
}

/** A whole answer of text. */
export function says(...pieces: string[]): TurnEvent[] {
  return [start, ...text(...pieces), end];
}

/** Answers the nth turn with the nth script, and remembers what it was asked. */
export class ScriptedBackend implements Backend {
  readonly turns: Turn[] = [];
  /** Runs that were stopped before their script's end. */
  cancelled = 0;
  models: readonly Model[] = [];
  disposed = false;
  readonly #scripts: readonly (readonly (TurnEvent | Error)[])[];

  constructor(...scripts: readonly (readonly (TurnEvent | Error)[])[]) {
    this.#scripts = scripts;
  }

  async listModels(): Promise<readonly Model[]> {
    return this.models;
  }

  async *run(turn: Turn): AsyncGenerator<TurnEvent> {
    const script = this.#scripts[this.turns.length] ?? [];
    this.turns.push(turn);
    let left = script.length;
    try {
      for (const event of script) {
        if (event instanceof Error) throw event;
        yield event;
        left--;
      }
    } finally {
      // The event at which a consumer stops has been delivered but not passed.
      if (left > 1) this.cancelled++;
    }
  }

  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

export function turnWith(change: Partial<Turn> = {}): Turn {
  return {
    model: 'kmodel',
    system: ['Be brief.'],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    tools: [],
    toolChoice: { type: 'auto' },
    sampling: {},
    delivery: 'incremental',
    metadata: {},
    ...change,
  };
}

export function functionTool(
  name: string,
  inputSchema: JsonSchema,
  description = `About ${name}.`,
): FunctionTool {
  return { kind: 'function', name, description, inputSchema };
}

/** A context that keeps its notes. */
export function recordedContext(signal = new AbortController().signal): RunContext & { notes: TraceNote[] } {
  const notes: TraceNote[] = [];
  return { signal, trace: { ...noTrace, note: (note) => notes.push(note) }, notes };
}

export async function eventsOf(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** All visible text of the events. */
export function visibleText(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** The calls of the events, each as name and input. */
export function callsOf(events: readonly TurnEvent[]): { id: string; name: string; input: string }[] {
  const calls: { id: string; name: string; input: string }[] = [];
  for (const event of events) {
    if (event.type === 'tool-call-start') calls.push({ id: event.id, name: event.name, input: '' });
    if (event.type === 'tool-call-delta') {
      const call = calls.find(({ id }) => id === event.id);
      if (call) call.input += event.input;
    }
  }
  return calls;
}
