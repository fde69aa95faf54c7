import * as z from 'zod';
import type { Settings } from '../../config/settings.ts';
import { settingsFromJson } from '../../config/settings-json.ts';
import { type Ending, feedEventSchema, type HelloEvent, modelListSchema } from '../../control/feed-events.ts';
import { fromFailure, turnStepSchema } from '../../control/turn-json.ts';
import { ProxyError, throwIfAborted } from '../../core/errors.ts';
import type { TurnEvent } from '../../core/events.ts';
import { Listeners } from '../../core/listeners.ts';
import { phrase } from '../../core/localizer.ts';
import type { Model } from '../../core/models.ts';
import type { Turn } from '../../core/turn.ts';
import type { ProxyView } from '../../proxy-view.ts';
import type { LogLine } from '../../recording/log-buffer.ts';
import type { TurnCaller } from '../../run-turn.ts';
import type { AskedEnding } from '../../server/control/control-services.ts';
import type { ProxyState } from '../../server/services.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from '../../shared/inspector-calls.ts';
import { AttachedRequests } from './attached-requests.ts';
import type { ControlClient } from './control-client.ts';

/** Milliseconds in which the owner has to answer what costs it nothing. */
const patienceMs = 5_000;
/** Milliseconds that one of the inspector's calls may take: some of them wait for a whole answer. */
const longPatienceMs = 600_000;

export interface AttachOptions {
  readonly client: ControlClient;
  readonly hello: HelloEvent;
  /** What the owner tells after `hello`. */
  readonly events: AsyncIterator<unknown>;
  /** This window's own: what the owner does not tell, its secrets, are taken from here. */
  readonly settings: Settings;
  /** Hears each line of the owner's log. */
  readonly show: (line: LogLine) => void;
}

/** The proxy of another process, kept up with by what its owner tells. */
export class AttachedProxy implements ProxyView {
  readonly requests = new AttachedRequests();
  /** Resolves when the owner has let go of its port, or is lost. Never rejects. */
  readonly ended: Promise<Ending | 'lost'>;
  readonly #client: ControlClient;
  readonly #own: Settings;
  readonly #show: (line: LogLine) => void;
  readonly #changed = new Listeners<void>();
  #state: ProxyState;
  #models: readonly Model[] | null;
  #settings: Settings;

  constructor({ client, hello, events, settings, show }: AttachOptions) {
    this.#client = client;
    this.#own = settings;
    this.#show = show;
    this.#state = hello.state;
    this.#models = hello.models;
    this.#settings = settingsFromJson(hello.settings, settings);
    this.requests.replace(hello.requests, hello.running);
    this.ended = this.#follow(events).catch(() => 'lost' as const);
  }

  state(): ProxyState {
    return this.#state;
  }

  models(): readonly Model[] | undefined {
    return this.#models ?? undefined;
  }

  get settings(): Settings {
    return this.#settings;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** The owner tells the new list to all windows; this one has it when that resolves, too. */
  async refreshModels(signal: AbortSignal): Promise<readonly Model[]> {
    const answer = await this.#client.ask('models', {}, within(longPatienceMs, signal));
    const { models } = z.object({ models: modelListSchema }).parse(answer);
    this.#models = models;
    this.#changed.tell();
    return models;
  }

  inspect<Name extends InspectorCallName>(
    name: Name,
    input: InspectorInput<Name>,
  ): Promise<InspectorOutput<Name>>;
  async inspect(name: string, input: unknown): Promise<unknown> {
    const answer = await this.#client.ask('inspect', { name, input }, within(longPatienceMs));
    return z.object({ output: z.unknown() }).parse(answer).output;
  }

  async *runTurn(turn: Turn, { client, signal }: TurnCaller): AsyncGenerator<TurnEvent, void> {
    try {
      for await (const step of this.#client.stream('turn', { turn, client }, signal)) {
        const parsed = turnStepSchema.parse(step);
        if ('failure' in parsed) throw fromFailure(parsed.failure);
        yield parsed.event;
      }
    } catch (error) {
      if (error instanceof ProxyError) throw error;
      throwIfAborted(signal);
      throw new ProxyError(
        'overloaded',
        phrase(
          'The window that Lingma Proxy ran in is gone. Send the request again: another one takes over.',
        ),
        { retryAfterSeconds: 2, cause: error },
      );
    }
  }

  /** Has the owner take over changed settings, by their names. */
  async changeSettings(changes: Partial<Settings>): Promise<void> {
    await this.#client.ask('settings', changes, within(patienceMs));
  }

  /** Asks the owner to end, and resolves once it has let go of its port. */
  async end(ending: AskedEnding): Promise<void> {
    await this.#client.ask('end', { ending }, within(patienceMs));
    await this.ended;
  }

  async #follow(events: AsyncIterator<unknown>): Promise<Ending | 'lost'> {
    for (;;) {
      const { value, done } = await events.next();
      if (done) return 'lost';
      // What a newer owner tells besides is not for this window.
      const { data: event } = feedEventSchema.safeParse(value);
      switch (event?.type) {
        case 'present':
          this.#state = event.state;
          this.#models = event.models;
          this.#settings = settingsFromJson(event.settings, this.#own);
          this.#changed.tell();
          break;
        case 'requests':
          this.requests.replace(event.requests, event.running);
          this.#changed.tell();
          break;
        case 'request':
          this.requests.tell(event.request, event.running);
          break;
        case 'log':
          this.#show(event.line);
          break;
        case 'ending':
          return event.ending;
        case 'hello':
        case undefined:
          break;
        default:
          event satisfies never;
      }
    }
  }
}

function within(milliseconds: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
