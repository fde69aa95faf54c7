import type { SettingName, Settings } from '../../config/settings.ts';
import { Listeners } from '../../core/listeners.ts';
import type { LingmaProxy } from '../../proxy.ts';
import type { RequestSummary } from '../../shared/requests.ts';
import { StartFailure } from './start-failure.ts';

/** Against what the proxy runs: a person's own Lingma, or a simulated one. */
export type RunMode = 'usual' | 'demo';

/** A proxy that listens. */
export interface RunningProxy {
  readonly mode: RunMode;
  /** Where clients reach it, without a trailing slash. */
  readonly url: string;
  readonly proxy: LingmaProxy;
  /** Hands changed settings over; returns the names of those that have no effect before a restart. */
  applySettings(settings: Settings): readonly SettingName[];
  /** Ends the proxy and all that was started with it; answers get `graceMs` to end by themselves. */
  close(graceMs?: number): Promise<void>;
}

export type HostState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'starting'; readonly mode: RunMode }
  | { readonly kind: 'running'; readonly run: RunningProxy; readonly needRestart: readonly SettingName[] }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'failed'; readonly failure: StartFailure };

/** Starts a proxy, or throws a `StartFailure`. */
export type Launch = (mode: RunMode) => Promise<RunningProxy>;

/** The one proxy of this window: starts, stops and restarts it, one after the other, and tells what becomes of it. */
export class ProxyHost {
  readonly #launch: Launch;
  readonly #changed = new Listeners<void>();
  readonly #ended = new Listeners<{ readonly request: RequestSummary; readonly mode: RunMode }>();
  #state: HostState = { kind: 'stopped' };
  #queue: Promise<unknown> = Promise.resolve();
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
      await this.#end();
      await this.#begin(mode);
    });
  }

  /** Stops it if it runs. Never rejects. */
  stop(graceMs?: number): Promise<HostState> {
    return this.#inOrder(() => this.#end(graceMs));
  }

  /** Stops it, and starts it again in the mode that it ran in. Never rejects. */
  restart(): Promise<HostState> {
    return this.#inOrder(async () => {
      const mode = this.running?.mode ?? 'usual';
      await this.#end();
      await this.#begin(mode);
    });
  }

  /** Hands changed settings to the running proxy. Resolves to the names of those that have no effect before a restart. */
  async applySettings(settings: Settings): Promise<readonly SettingName[]> {
    await this.#inOrder(async () => {
      if (this.#state.kind !== 'running') return;
      const needRestart = this.#state.run.applySettings(settings);
      this.#become({ ...this.#state, needRestart });
    });
    return this.#state.kind === 'running' ? this.#state.needRestart : [];
  }

  async #begin(mode: RunMode): Promise<void> {
    this.#become({ kind: 'starting', mode });
    try {
      const run = await this.#launch(mode);
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
    } catch (error) {
      this.#become({ kind: 'failed', failure: StartFailure.from(error) });
    }
  }

  async #end(graceMs?: number): Promise<void> {
    const { running } = this;
    if (running) {
      this.#become({ kind: 'stopping' });
      for (const unsubscribe of this.#unsubscribe) unsubscribe();
      // What cannot be closed properly is gone all the same.
      await running.close(graceMs).catch(() => {});
    }
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
