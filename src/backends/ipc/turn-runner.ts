import { ProxyError, throwIfAborted } from '../../core/errors.ts';
import type { TurnEvent } from '../../core/events.ts';
import { phrase } from '../../core/localizer.ts';
import type { Model } from '../../core/models.ts';
import { estimateTurnTokens } from '../../core/tokens.ts';
import type { Trace } from '../../core/trace.ts';
import type { Turn } from '../../core/turn.ts';
import { startDeadline } from './abortable.ts';
import type { RuntimeConnection } from './connection.ts';
import { type Connector, cannotGenerate, runtimeTooSlow } from './connector.ts';
import { findImageMessage, type StoredImages, storeImages } from './images.ts';
import type { ModelList } from './model-list.ts';
import { noteLosses } from './note-losses.ts';
import { writePrompt } from './prompt.ts';
import { type PromptSurroundings, promptMeta } from './prompt-meta.ts';
import { ConnectionLost, RpcError } from './rpc-errors.ts';
import { type FinishGrace, RunningPrompt } from './running-prompt.ts';
import type { Session } from './session.ts';
import type { Sessions } from './sessions.ts';
import type { StickySession } from './sticky-session.ts';
import { asTurnError, setupTooSlow } from './turn-errors.ts';
import { TurnStream } from './turn-stream.ts';

export interface TurnRunnerOptions {
  readonly connector: Connector;
  readonly models: ModelList;
  readonly sessions: Sessions;
  /** Present: all turns share this session, which gets the last user message only. */
  readonly sticky: StickySession | undefined;
  readonly surroundings: PromptSurroundings;
  readonly prepareSessions: boolean;
  readonly setupTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly finishGrace: FinishGrace;
  readonly temporaryDirectory: string;
  readonly promptSecret: string;
  readonly newId: () => string;
}

/**
 * Characters of answer that may wait for a slow client: more than any answer has. All turns share the connection, so that it cannot
 * be made to wait for one of them.
 */
const maxWaitingCharacters = 4 * 1024 * 1024;

/** One turn, and what its tries have shown so far. */
interface Job {
  readonly turn: Turn;
  readonly trace: Trace;
  readonly signal: AbortSignal;
  readonly prompt: string;
  readonly inputTokens: number;
  readonly images: StoredImages | undefined;
  /** Sessions that were given back. The runtime may read a prompt's images until it has answered that. */
  readonly released: Promise<void>[];
  /** Addresses of runtimes that cannot generate. */
  readonly avoid: Set<string>;
  reconnected: boolean;
  /** A session that existed before the turn was refused. */
  sessionRefused: boolean;
  schemeRefused: boolean;
}

/** How long a turn lives. */
export interface TurnScope {
  readonly signal: AbortSignal;
  /** Called once the turn is over. */
  end(): void;
}

interface Hold {
  readonly session: Session;
  readonly release: (keep: boolean) => Promise<void>;
}

/** Runs turns: connection, session, prompt, and the few second tries that are safe. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;
  readonly #cleaning = new Set<Promise<void>>();

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  /**
   * Answers a turn, in batches of what came together. `begin` is called when the first event is asked for; aborting its signal cancels the turn upstream.
   * Throws `ProxyError`.
   */
  async *run(turn: Turn, trace: Trace, begin: () => TurnScope): AsyncGenerator<readonly TurnEvent[], void> {
    const scope = begin();
    let job: Job | undefined;
    let prepared = false;
    try {
      throwIfAborted(scope.signal);
      job = await this.#prepareJob(turn, trace, scope.signal);
      for (;;) {
        const prompt = await this.#start(job);
        try {
          while (!prompt.stream.drained) {
            await prompt.stream.wait();
            if (!prepared && prompt.stream.begun) {
              prepared = true;
              this.#prepareNext(prompt.session);
            }
            yield prompt.stream.take();
          }
          return;
        } catch (error) {
          if (!this.#mayTryAgain(error, prompt, job)) throw asTurnError(error);
        } finally {
          prompt.abandon();
        }
      }
    } finally {
      if (job?.images) this.#clean(removeImages(job.images, job.released));
      scope.end();
    }
  }

  /** Waits until the temporary files are gone. Never throws. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#cleaning);
  }

  async #prepareJob(turn: Turn, trace: Trace, signal: AbortSignal): Promise<Job> {
    const { promptSecret, sticky, temporaryDirectory } = this.#options;
    const prompt = writePrompt(turn, {
      scope: sticky ? 'last-message' : 'conversation',
      secret: promptSecret,
      imageMessage: findImageMessage(turn)?.message,
    });
    if (prompt === '') throw nothingToSend();
    noteLosses(turn, sticky !== undefined, trace);
    const inputTokens = estimateTurnTokens(turn);
    const images = await storeImages(turn, temporaryDirectory);
    return {
      turn,
      trace,
      signal,
      prompt,
      inputTokens,
      images,
      released: [],
      avoid: new Set(),
      reconnected: false,
      sessionRefused: false,
      schemeRefused: false,
    };
  }

  /** Everything up to the prompt being sent, within the set-up time. */
  async #start(job: Job): Promise<RunningPrompt> {
    let connection: RuntimeConnection | undefined;
    const tooSlow = () => (connection ? setupTooSlow() : runtimeTooSlow());
    const deadline = startDeadline(this.#options.setupTimeoutMs, tooSlow, job.signal);
    try {
      for (;;) {
        connection = await this.#connect(job, deadline.signal);
        try {
          const model = await this.#options.models.choose(connection, job.turn.model, deadline.signal);
          const hold = await this.#acquire(connection, model, job, deadline.signal);
          if (deadline.signal.aborted) hold.release(false);
          throwIfAborted(deadline.signal);
          return this.#send(hold, model, job);
        } catch (error) {
          this.#chooseOtherRuntime(error, connection, job);
        }
      }
    } catch (error) {
      // A runtime that hangs would hang the next turn as well.
      const hung = deadline.signal.aborted && !job.signal.aborted;
      if (hung && connection?.activeTurns === 0) connection.close(setupTooSlow());
      throw asTurnError(error);
    } finally {
      deadline.clear();
    }
  }

  async #connect(job: Job, signal: AbortSignal): Promise<RuntimeConnection> {
    try {
      return await this.#options.connector.connect(signal, job.avoid);
    } catch (error) {
      const [partial] = job.avoid;
      throw partial === undefined || signal.aborted ? error : cannotGenerate(partial);
    }
  }

  /** Throws the error on unless another connection may do better. */
  #chooseOtherRuntime(error: unknown, connection: RuntimeConnection, job: Job): void {
    if (error instanceof ConnectionLost && !job.reconnected) {
      job.reconnected = true;
      job.trace.note({
        type: 'remark',
        text: 'The runtime went away before the prompt; looking for it again.',
      });
    } else if (error instanceof RpcError && error.method === 'session/new' && error.isUnknownMethod) {
      job.avoid.add(connection.endpoint.address);
    } else throw error;
  }

  async #acquire(connection: RuntimeConnection, model: Model, job: Job, signal: AbortSignal): Promise<Hold> {
    const { sessions, sticky } = this.#options;
    if (sticky) return sticky.acquire(connection, model.key, job.trace, signal);
    const session = job.sessionRefused
      ? await sessions.open(connection, model.key, job.trace, signal)
      : await sessions.acquire(connection, model.key, job.trace, signal);
    return { session, release: () => sessions.discard(session, job.trace) };
  }

  #send({ session, release }: Hold, model: Model, job: Job): RunningPrompt {
    const { surroundings, idleTimeoutMs, finishGrace, newId } = this.#options;
    const { trace, signal, inputTokens, images } = job;
    const requestId = newId();
    const stream = new TurnStream({
      model: model.id,
      inputTokens,
      reasoning: job.turn.reasoning !== undefined,
      trace,
      idleTimeoutMs,
      maxWaitingCharacters,
    });
    const request = {
      requestId,
      text: job.prompt,
      images: images?.blocks(session.connection.flavour ?? 'qoder') ?? [],
      meta: promptMeta(surroundings, model.key, requestId),
    };
    return new RunningPrompt(session, stream, request, { trace, signal, grace: finishGrace }, (keep) => {
      job.released.push(release(keep));
    });
  }

  /** Whether a prompt that failed may be sent once more: only when nothing of an answer came. */
  #mayTryAgain(error: unknown, { session, stream }: RunningPrompt, job: Job): boolean {
    if (stream.begun || job.signal.aborted) return false;
    const note = (why: string) =>
      job.trace.note({ type: 'attempt', backend: 'ipc', model: session.modelId, why });
    if (session.connection.closed) {
      // A session from before the turn is no proof that the connection was still alive when the turn began.
      if (!session.existedBefore || job.reconnected) return false;
      job.reconnected = true;
      note('the runtime had gone away; looking for it again');
      return true;
    }
    if (!(error instanceof RpcError)) return false;
    if (job.images && !job.schemeRefused && isInvalidUri(error)) {
      job.schemeRefused = true;
      session.connection.flavour = session.connection.flavour === 'lingma' ? 'qoder' : 'lingma';
      note('the runtime refused the scheme of the image URIs; trying the other one');
      return true;
    }
    if (session.existedBefore && !job.sessionRefused) {
      job.sessionRefused = true;
      note(
        `the runtime refused a session that existed before (${error.message.slice(0, 200)}); trying a new one`,
      );
      return true;
    }
    return false;
  }

  #prepareNext(session: Session): void {
    if (!this.#options.prepareSessions) return;
    this.#options.sessions.prepare(session.connection, session.modelId);
  }

  #clean(cleaning: Promise<void>): void {
    const tracked = cleaning.finally(() => this.#cleaning.delete(tracked));
    this.#cleaning.add(tracked);
  }
}

async function removeImages(images: StoredImages, released: readonly Promise<void>[]): Promise<void> {
  await Promise.all(released);
  await images.remove();
}

function nothingToSend(): ProxyError {
  return new ProxyError(
    'invalid-request',
    phrase('The request holds no text for the model. Send a message with text.'),
  );
}

/** The facts of the upstream name this error by its words alone; no code is known. */
function isInvalidUri(error: RpcError): boolean {
  return /invalid uri/i.test(error.message);
}
