import { createHash } from 'node:crypto';
import type { Brain, RemoteRequest, Reply, ReplyPart, SimulatedRequest, SimulatedToolCall } from './brain.ts';

/** How a step is answered, beside what it says. */
interface StepManner {
  /** What the model thinks first, whether it was asked to or not. */
  readonly thought?: string;
  /** Default: the simulator's pace. */
  readonly chunksPerSecond?: number;
}

/** One model call of a scripted conversation: one or several tool calls (with words before them, if any), or words alone. */
export type ScriptStep = StepManner &
  (
    | { readonly tool: string; readonly arguments: object | string; readonly text?: string }
    | { readonly calls: readonly SimulatedToolCall[]; readonly text?: string }
    | { readonly text: string }
  );

/** What the model does in the conversation whose user message holds `marker` and that carries tools. */
export interface Script {
  readonly marker: string;
  readonly steps: readonly ScriptStep[];
}

/**
 * A brain that drives real agents: it answers each model call of a marked conversation with the script's next step, and
 * everything else (titles, summaries, probes) with `otherwise`, by default a few words. Where a conversation stands is
 * read from the tool results in its history (remote), or from how many different prompts it has sent (IPC, where the
 * form of a history is the client's own); a request that is sent again gets the same answer again.
 */
export function scriptedBrain(script: Script | readonly Script[], otherwise: Brain = shortAnswer): Brain {
  const scripts: readonly Script[] = 'steps' in script ? [script] : script;
  const servedPrompts = new Map<Script, Map<string, number>>();
  return (request) => {
    const matching = scripts.find(
      (candidate) => carriesTools(request) && isMarked(request, candidate.marker),
    );
    if (matching === undefined) return otherwise(request);
    const position =
      request.backend === 'remote'
        ? positionInHistory(request, matching)
        : positionByPrompt(request.prompt, matching, servedPrompts);
    return perform(matching.steps[position] ?? { text: 'Done. 完成 ✅' });
  };
}

const shortAnswer: Brain = () => ({ parts: [{ text: 'Simulated Lingma' }] });

function carriesTools(request: SimulatedRequest): boolean {
  if (request.backend === 'remote') return request.tools.length > 0;
  return request.prompt.includes('json action');
}

function isMarked(request: SimulatedRequest, marker: string): boolean {
  if (request.backend === 'ipc') return request.prompt.includes(marker);
  return request.messages.some((message) => message.role === 'user' && message.content.includes(marker));
}

/** Steps done so far: calls are done when their results are there, words are done when they are in the history. */
function positionInHistory(request: RemoteRequest, script: Script): number {
  const start = request.messages.findIndex(
    (message) => message.role === 'user' && message.content.includes(script.marker),
  );
  const history = request.messages.slice(start);
  let results = history.filter((message) => message.role === 'tool').length;
  let position = 0;
  for (const step of script.steps) {
    const calls = callsOf(step);
    if (calls.length > 0) {
      if (results < calls.length) break;
      results -= calls.length;
    } else if (
      !history.some((message) => message.role === 'assistant' && message.content?.includes(step.text ?? ''))
    ) {
      break;
    }
    position++;
  }
  return position;
}

function positionByPrompt(prompt: string, script: Script, served: Map<Script, Map<string, number>>): number {
  const positions = served.get(script) ?? new Map<string, number>();
  served.set(script, positions);
  const hash = createHash('sha1').update(prompt).digest('hex');
  const position = positions.get(hash) ?? positions.size;
  positions.set(hash, position);
  return position;
}

function callsOf(step: ScriptStep): readonly SimulatedToolCall[] {
  if ('calls' in step) return step.calls;
  return 'tool' in step ? [{ name: step.tool, arguments: step.arguments }] : [];
}

function perform(step: ScriptStep): Reply {
  const { thought, text, chunksPerSecond } = step;
  const parts: ReplyPart[] = [
    ...(thought === undefined ? [] : [{ thought }]),
    ...(text === undefined ? [] : [{ text }]),
    ...callsOf(step).map((toolCall) => ({ toolCall })),
  ];
  return { parts, ...(chunksPerSecond === undefined ? {} : { chunksPerSecond }) };
}
