import { randomBytes } from 'node:crypto';
import { type Backend, type Policy, type RunContext, withRun } from '../../core/backend.ts';
import { missingEnd } from '../../core/collect.ts';
import { toProxyError } from '../../core/errors.ts';
import type { TurnEnd, TurnEvent, TurnStart } from '../../core/events.ts';
import type { FunctionTool, Turn } from '../../core/turn.ts';
import { portableTools } from '../portable-tools.ts';
import { RunUsage } from '../run-usage.ts';
import { type ContractTerms, writeContract, writeReminder } from './contract.ts';
import { type AnswerRules, EmulatedAnswer } from './emulated-answer.ts';
import { claimsNoTools, followUp, insistRequest, repairRequest } from './follow-up.ts';
import { hasToolHistory, projectTurn } from './project-turn.ts';
import { CallableTools } from './resolve-call.ts';

export interface ToolEmulationOptions {
  /** Resolve a whole turn before any of it goes out, so that a stream can be repaired like a whole answer. */
  readonly aggregate?: boolean;
  /** Characters that the list of tools may take in the prompt; a longer one is written in a compact form. */
  readonly contractBudget?: number;
  /** Makes a call's id; random when absent. */
  readonly createCallId?: () => string;
}

const defaultBudget = 48_000;

/**
 * Gives tools to a backend that has none: they go out as a written contract, and calls are parsed out of the text that comes
 * back. Earlier calls and results go out as text. Custom tools and namespaces are flattened first.
 *
 * A call that cannot be used is asked for again once; so is one that was required, or that the model claims it cannot make,
 * as long as none of the answer's text has been shown. Nothing is ever made up: an answer without a call stays text.
 */
export function toolEmulation(options: ToolEmulationOptions = {}): Policy {
  return (inner) =>
    portableTools()(withRun(inner, (turn, context) => runEmulated(inner, turn, context, options)));
}

function runEmulated(
  inner: Backend,
  turn: Turn,
  context: RunContext,
  options: ToolEmulationOptions,
): AsyncIterable<TurnEvent> {
  const tools = callableTools(turn);
  if (tools.length === 0) {
    return inner.run(turn.tools.length > 0 || hasToolHistory(turn) ? projectTurn(turn) : turn, context);
  }
  const emulation = new Emulation(inner, turn, context, tools, options);
  return options.aggregate === true ? aggregated(emulation.run()) : emulation.run();
}

/** The tools that may be called in this answer. */
function callableTools(turn: Turn): readonly FunctionTool[] {
  const functions = turn.tools.filter((tool) => tool.kind === 'function');
  const { toolChoice } = turn;
  switch (toolChoice.type) {
    case 'none':
      return [];
    case 'auto':
    case 'required':
      return functions;
    case 'tool': {
      const named = functions.filter((tool) => tool.name === toolChoice.name);
      return named.length > 0 ? named : functions;
    }
    default:
      return toolChoice satisfies never;
  }
}

async function* aggregated(events: AsyncIterable<TurnEvent>): AsyncGenerator<TurnEvent> {
  const held: TurnEvent[] = [];
  for await (const event of events) {
    if (event.type === 'turn-start' || event.type === 'keep-alive') yield event;
    else held.push(event);
  }
  yield* held;
}

/** One turn: a first answer, and at most one more when something about the first can be mended. */
class Emulation {
  readonly #inner: Backend;
  readonly #turn: Turn;
  readonly #context: RunContext;
  readonly #tools: CallableTools;
  readonly #terms: ContractTerms;
  readonly #rules: AnswerRules;
  readonly #mustCall: boolean;
  readonly #usage = new RunUsage();
  #started = false;

  constructor(
    inner: Backend,
    turn: Turn,
    context: RunContext,
    tools: readonly FunctionTool[],
    options: ToolEmulationOptions,
  ) {
    this.#inner = inner;
    this.#turn = turn;
    this.#context = context;
    this.#tools = new CallableTools(tools);
    this.#terms = {
      tools,
      choice: turn.toolChoice,
      parallel: turn.parallelToolCalls !== false,
      budget: options.contractBudget ?? defaultBudget,
    };
    this.#mustCall = turn.toolChoice.type === 'required' || turn.toolChoice.type === 'tool';
    const holdsCalls = turn.delivery === 'whole' || options.aggregate === true;
    this.#rules = {
      holdsCalls,
      holdsText: holdsCalls || this.#mustCall,
      oneCall: turn.parallelToolCalls === false,
      createCallId: options.createCallId ?? (() => `call_${randomBytes(12).toString('hex')}`),
    };
  }

  async *run(): AsyncGenerator<TurnEvent> {
    const projected = projectTurn(this.#turn, writeContract(this.#terms), writeReminder(this.#terms));
    const first = new EmulatedAnswer(this.#tools, this.#rules);
    yield* this.#read(projected, first);
    if (first.invalid !== undefined && !(this.#rules.oneCall && first.calls > 0)) {
      yield* this.#repair(projected, first, first.invalid);
    } else if (first.calls === 0 && this.#rules.holdsText && (this.#mustCall || claimsNoTools(first.said))) {
      yield* this.#insist(projected, first);
    } else {
      yield* first.takeText();
      yield this.#end([first]);
    }
  }

  /** Asks for an invalid call again. Only calls are taken from the second answer; without one the first is shown as it is. */
  async *#repair(projected: Turn, first: EmulatedAnswer, problem: string): AsyncGenerator<TurnEvent> {
    this.#noteAttempt(`The model wrote a call that cannot be used. ${problem}`);
    const rules = { ...this.#rules, holdsText: true, beforeCall: () => first.takeText() };
    const second = new EmulatedAnswer(this.#tools, rules);
    const failure = yield* this.#readOptional(
      followUp(projected, first.said, repairRequest(problem)),
      second,
    );
    if (second.calls === 0) {
      this.#remark(
        failure ?? 'The call cannot be used when repeated either; the model’s text is passed on as it is.',
      );
      yield* first.takeAll();
    }
    yield this.#end([first, second]);
  }

  /** Asks for a missing call again. The second answer replaces the first, of which no text has been shown. */
  async *#insist(projected: Turn, first: EmulatedAnswer): AsyncGenerator<TurnEvent> {
    const { toolChoice } = this.#turn;
    this.#noteAttempt(
      this.#mustCall
        ? 'The answer lacks the call that was required.'
        : 'The model claims that it has no tools.',
    );
    const second = new EmulatedAnswer(this.#tools, { ...this.#rules, holdsText: true });
    const request = insistRequest(toolChoice.type === 'tool' ? toolChoice.name : undefined);
    const failure = yield* this.#readOptional(followUp(projected, first.said, request), second);
    if (second.calls > 0) {
      yield this.#end([second]);
      return;
    }
    this.#remark(
      failure ?? 'The model called no tool when asked again either; its text is passed on as it is.',
    );
    const shown = failure === undefined && second.said.trim() !== '' ? second : first;
    yield* shown.takeAll();
    yield this.#end([shown]);
  }

  /** Reads a second answer. Its failure, in words, is no failure of the turn as long as none of its calls has gone out. */
  async *#readOptional(turn: Turn, answer: EmulatedAnswer): AsyncGenerator<TurnEvent, string | undefined> {
    try {
      yield* this.#read(turn, answer);
      return undefined;
    } catch (thrown) {
      if (this.#context.signal.aborted || answer.begunCalls > 0) throw thrown;
      return `Asking the model again failed (${toProxyError(thrown).kind}); its first answer is passed on as it is.`;
    }
  }

  async *#read(turn: Turn, answer: EmulatedAnswer): AsyncGenerator<TurnEvent> {
    let start: TurnStart | undefined;
    let end: TurnEnd | undefined;
    try {
      for await (const event of this.#inner.run(turn, this.#context)) {
        if (event.type === 'text-delta') {
          for (const out of answer.read(event.text)) yield out;
          if (answer.stop !== undefined) break;
        } else if (event.type === 'turn-end') {
          end = event;
          break;
        } else if (event.type !== 'turn-start') {
          yield event;
        } else {
          start = event;
          if (!this.#started) yield event;
          this.#started = true;
        }
      }
    } finally {
      if (end === undefined) this.#usage.addCutShort(start, answer.said);
      else this.#usage.addEnd(end);
    }
    if (end !== undefined) yield* answer.finish(end);
    else if (answer.stop === undefined) throw missingEnd();
    if (answer.stop !== undefined) this.#remark(answer.stop);
  }

  /** The end of a turn that consists of these answers, the one whose text was shown first. */
  #end(answers: readonly EmulatedAnswer[]): TurnEnd {
    const usage = this.#usage.sum();
    if (answers.some(({ cut }) => cut)) return { type: 'turn-end', reason: 'length', usage };
    if (answers.some(({ calls }) => calls > 0)) return { type: 'turn-end', reason: 'tool-calls', usage };
    const end = answers[0]?.end;
    return { type: 'turn-end', reason: 'stop', ...end, usage };
  }

  #noteAttempt(why: string): void {
    this.#context.trace.note({ type: 'attempt', backend: 'tool-emulation', model: this.#turn.model, why });
  }

  #remark(text: string): void {
    this.#context.trace.note({ type: 'remark', text });
  }
}
