import type { Examination } from '../examination.ts';
import type { ApiName, NextAction } from '../findings.ts';
import type { LocalClient } from '../local-client.ts';
import type { ApiCalls } from './api-calls.ts';
import { chatCompletions } from './chat-completions.ts';
import { type FailedAnswer, failureIn, linkOf, noAnswer } from './failed-answer.ts';
import { messages } from './messages.ts';
import { responses } from './responses.ts';

export interface AnswersOptions {
  readonly client: LocalClient;
  /** Whether pictures can be answered at all, by the local runtime or by uploading. */
  readonly imagesPossible: boolean;
  readonly answerTimeoutMs: number;
}

/** One text, one tool call with its result, and one picture for each API. */
export const requestCount = 12;

type Stage = 'text' | 'tools' | 'images';

type Outcome =
  | { readonly kind: 'works'; readonly milliseconds: number; readonly text: string }
  /** An answer to a picture that does not say what is on it. */
  | { readonly kind: 'unseen'; readonly milliseconds: number }
  | { readonly kind: 'fails'; readonly failure: FailedAnswer }
  | { readonly kind: 'no-call' };

const apis: readonly ApiCalls[] = [chatCompletions, responses, messages];
const seeLog: NextAction = { action: 'show-log', args: {} };
const chooseModel: NextAction = { action: 'open-settings', args: { setting: 'model' } };

/** Tries every API with text, then a tool, then a picture; what failed with one stage is not tried with the next. */
export async function checkAnswers(examination: Examination, options: AnswersOptions): Promise<void> {
  const { diagnosis } = examination;
  const caller = new Caller(examination, options);
  let standing = await runStage(examination, 'text', apis, (api) => caller.askText(api));
  standing = await runStage(examination, 'tools', standing, (api) => caller.askTool(api));
  if (standing.length === 0) return;
  if (options.imagesPossible) {
    await runStage(examination, 'images', standing, (api) => caller.askImage(api));
    return;
  }
  const next: NextAction = { action: 'install-runtime', args: {} };
  diagnosis.breaks('images', diagnosis.add('requests', 'warning', 'images.need-runtime', {}, next));
}

/** Resolves to the APIs that got through. */
async function runStage(
  examination: Examination,
  stage: Stage,
  standing: readonly ApiCalls[],
  ask: (api: ApiCalls) => Promise<Outcome>,
): Promise<readonly ApiCalls[]> {
  const outcomes = await Promise.all(standing.map(async (api) => ({ api, outcome: await ask(api) })));
  const [first] = outcomes;
  if (first !== undefined && first.outcome.kind !== 'works' && areAlike(outcomes)) {
    tellOutcome(
      examination,
      stage,
      outcomes.length === apis.length ? 'every' : first.api.name,
      first.outcome,
    );
  } else {
    for (const { api, outcome } of outcomes) tellOutcome(examination, stage, api.name, outcome);
  }
  const passed = outcomes.flatMap(({ api, outcome }) =>
    outcome.kind === 'works' || outcome.kind === 'unseen' ? [api] : [],
  );
  if (passed.length > 0 && passed.length === standing.length) examination.diagnosis.holds(stage);
  return passed;
}

/** Whether it went so much alike with all of them that telling it once will do. */
function areAlike(outcomes: readonly { readonly outcome: Outcome }[]): boolean {
  const signs = outcomes.map(({ outcome }) =>
    outcome.kind === 'fails' ? `${outcome.failure.status} ${outcome.failure.message}` : outcome.kind,
  );
  return signs.length > 1 && new Set(signs).size === 1;
}

function tellOutcome(
  { diagnosis, backend }: Examination,
  stage: Stage,
  api: ApiName,
  outcome: Outcome,
): void {
  switch (outcome.kind) {
    case 'works':
      diagnosis.add('requests', 'ok', `${stage}.works`, { api, milliseconds: outcome.milliseconds });
      return;
    case 'unseen':
      diagnosis.add('requests', 'note', 'images.unseen', { api, milliseconds: outcome.milliseconds });
      return;
    case 'no-call':
      diagnosis.breaks(stage, diagnosis.add('requests', 'error', 'tools.no-call', { api }, chooseModel));
      return;
    case 'fails': {
      const { failure } = outcome;
      const { status, message } = failure;
      const values = { api, status, message };
      const finding = diagnosis.add('requests', 'error', `${stage}.fails`, values, seeLog);
      diagnosis.breaks(linkOf(failure, backend, stage), finding);
      return;
    }
    default:
      outcome satisfies never;
  }
}

/** Sends the requests. Rejects only when the diagnosis is ended. */
class Caller {
  readonly #client: LocalClient;
  readonly #model: string;
  readonly #timeoutMs: number;
  readonly #signal: AbortSignal;

  constructor({ settings, signal }: Examination, { client, answerTimeoutMs }: AnswersOptions) {
    this.#client = client;
    this.#model = settings.model;
    this.#timeoutMs = answerTimeoutMs;
    this.#signal = signal;
  }

  async askText(api: ApiCalls): Promise<Outcome> {
    return (await this.#ask(api, api.text(this.#model))).outcome;
  }

  async askImage(api: ApiCalls): Promise<Outcome> {
    const { outcome } = await this.#ask(api, api.image(this.#model));
    // A model that cannot see says something all the same.
    if (outcome.kind !== 'works' || /red|红/i.test(outcome.text)) return outcome;
    return { kind: 'unseen', milliseconds: outcome.milliseconds };
  }

  async askTool(api: ApiCalls): Promise<Outcome> {
    const asked = await this.#ask(api, api.tool(this.#model), true);
    if (asked.outcome.kind !== 'works') return asked.outcome;
    const call = api.callOf(asked.body);
    if (call === undefined) return { kind: 'no-call' };
    const { outcome } = await this.#ask(api, api.toolResult(this.#model, call));
    if (outcome.kind !== 'works') return outcome;
    return { ...outcome, milliseconds: outcome.milliseconds + asked.outcome.milliseconds };
  }

  async #ask(
    api: ApiCalls,
    request: object,
    mayBeSilent = false,
  ): Promise<{ readonly outcome: Outcome; readonly body?: unknown }> {
    const patience = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#timeoutMs)]);
    try {
      const answer = await this.#client.post(api.path, request, patience);
      const failure = failureIn(answer);
      if (failure !== undefined) return { outcome: { kind: 'fails', failure } };
      const { body, milliseconds } = answer;
      const text = api.textOf(body);
      if (text.trim() !== '' || mayBeSilent) return { outcome: { kind: 'works', milliseconds, text }, body };
      const empty = { status: 200, code: '', message: 'the answer holds no text' };
      return { outcome: { kind: 'fails', failure: empty } };
    } catch (error) {
      this.#signal.throwIfAborted();
      const failure = noAnswer(error, Math.round(this.#timeoutMs / 1_000));
      return { outcome: { kind: 'fails', failure } };
    }
  }
}
