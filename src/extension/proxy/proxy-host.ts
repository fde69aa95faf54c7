import type { SettingName, Settings } from '../../config/settings.ts';
import type { Ending } from '../../control/feed-events.ts';
import { Listeners } from '../../core/listeners.ts';
import type { RequestSummary } from '../../shared/requests.ts';
import type { Launch, RunMode, RunningProxy, Succession } from './running-proxy.ts';
import { StartFailure } from './start-failure.ts';

export type HostState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly mode: RunMode }
  | { readonly kind: 'running'; readonly run: RunningProxy; readonly needRestart: readonly SettingName[] }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'failed'; readonly failure: StartFailure };

/**
 * The proxy of this window, its own or another's: starts, stops and restarts it, one after the other, and tells what becomes of it.
 * When the owner of another's is gone, it takes over.
 */
export class ProxyHost {
  readonly #launch: Launch;
  readonly #changed = new Listeners<void>();
  readonly #ended = new Listeners<{ readonly request: RequestSummary; readonly mode: RunMode }>();
  #state: HostState = { kind: 'stopped' };
  #queue: Promise<unknown> = Promise.resolve();
  /** Settles when all that has been closed so far is gone. */
  #closing: Promise<unknown> = Promise.resolve();
  #unsubscribe: readonly (() => void)[] = [];

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  get state(): HostState {
    return this.#state;
  }

  /** The proxy, when it listens. */
  get running(): RunningProxy | undefined {
    return this.#state.kind === 'running' ? this.#state.run : undefined;
  }

  /** Tells when `state` or anything that the running proxy tells has changed. Returns the way to stop listening. */
  onChange(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** Tells of each request that has ended. Returns the way to stop listening. */
  onRequestEnded(
    listener: (ended: { readonly request: RequestSummary; readonly mode: RunMode }) => void,
  ): () => void {
    return this.#ended.add(listener);
  }

  /** Starts it unless it runs in this mode already. Resolves to the state that came of it; never rejects. */
  start(mode: RunMode = 'usual'): Promise<HostState> {
    return this.#inOrder(async () => {
      if (this.running?.mode === mode) return;
      await this.#end('closing');
      await this.#begin(mode);
    });
  }

  /** Stops it if it runs, for all windows. Never rejects. */
  stop(graceMs?: number): Promise<HostState> {
    return this.#inOrder(() => this.#end('stopped', graceMs));
  }

  /** Stops what runs in this window; the proxy goes on in another, if there is one. Never rejects. */
  leave(graceMs?: number): Promise<HostState> {
    return this.#inOrder(() => this.#end('closing', graceMs));
  }

  /** Stops it, wherever it runs, and starts it again in the mode that it ran in. Never rejects. */
  restart(): Promise<HostState> {
    return this.#inOrder(async () => {
      const former = this.running;
      await this.#end('restarting');
      // A window starts its own again; in the place of a process of its own, this window starts another.
      const comesBack = former?.relation === 'attached' && former.owner.kind === 'window';
      await this.#begin(former?.mode ?? 'usual', former && { url: former.url, comesBack });
    });
  }

  /** Hands changed settings to the running proxy. Resolves to the names of those that have no effect before a restart. */
  async applySettings(settings: Settings): Promise<readonly SettingName[]> {
    await this.#inOrder(async () => {
      if (this.#state.kind !== 'running') return;
      // An owner that cannot be told is about to be taken over from, with the settings as they are then.
      const needRestart = await this.#state.run.applySettings(settings).catch(() => []);
      if (this.#state.kind === 'running') this.#become({ ...this.#state, needRestart });
    });
    return this.#state.kind === 'running' ? this.#state.needRestart : [];
  }

  async #begin(mode: RunMode, succession?: Succession): Promise<void> {
    this.#become({ kind: 'starting', mode });
    try {
      const run = await this.#launch(mode, succession);
      const tell = () => this.#changed.tell();
      this.#unsubscribe = [
        run.proxy.onChange(tell),
        run.proxy.requests.subscribe((request) => {
          const summary = request.toSummary();
          if (summary.state !== 'running') this.#ended.tell({ request: summary, mode });
          tell();
        }),
      ];
      this.#become({ kind: 'running', run, needRestart: [] });
      void run.ended?.then((how) => this.#follow(run, how));
    } catch (error) {
      this.#become({ kind: 'failed', failure: StartFailure.from(error) });
    }
  }

  /** The owner of another's proxy has let go of the port. */
  #follow(run: RunningProxy, how: Ending | 'lost'): Promise<HostState> {
    return this.#inOrder(async () => {
      if (this.running !== run) return;
      await this.#end('closing');
      if (how !== 'stopped') await this.#begin(run.mode, { url: run.url, comesBack: how === 'restarting' });
    });
  }

  async #end(ending: Ending, graceMs?: number): Promise<void> {
    const { running } = this;
    if (running) {
      this.#become({ kind: 'stopping' });
      for (const unsubscribe of this.#unsubscribe) unsubscribe();
      // What cannot be closed properly is gone all the same.
      const closed = running.close(ending, graceMs).catch(() => {});
      this.#closing = Promise.all([this.#closing, closed]);
    }
    // It lets go of its port at once, and what comes in its place need not wait for its last answers.
    if (ending !== 'restarting' || running?.relation === 'attached') await this.#closing;
    this.#become({ kind: 'stopped' });
  }

  #become(state: HostState): void {
    this.#state = state;
    this.#changed.tell();
  }

  #inOrder(step: () => Promise<void>): Promise<HostState> {
    const done = this.#queue.then(step).then(() => this.#state);
    this.#queue = done;
    return done;
  }
}
