import type { Settings } from '../../src/config/settings.ts';
import { type BackendName, type RunningProxy, startProxy } from '../end-to-end/running-proxy.ts';
import { ask, type Outcome } from './ask.ts';
import type { Fault } from './fault.ts';
import type { Way } from './ways.ts';

/** What the simulated model always says: long enough for several chunks. */
const text = 'A sentence that is long enough for several chunks. 很长的一句话。'.repeat(4);

const settings = { remoteFallbackEnabled: false, prepareSessions: false, idleTimeoutSeconds: 1.5 };

/** How one fault went for one way to ask. */
export interface Trial {
  /** '' when all was as it has to be. */
  readonly problem: string;
  readonly leaked: boolean;
}

/** A proxy and a simulator of its own for one way to ask, so that all ways can be tried at once. */
export class Lane {
  readonly way: Way;
  readonly #proxy: RunningProxy;

  private constructor(way: Way, proxy: RunningProxy) {
    this.way = way;
    this.#proxy = proxy;
  }

  static async start(backend: BackendName, way: Way, changes: Partial<Settings>): Promise<Lane> {
    const proxy = await startProxy(backend, { settings: { ...settings, ...changes } });
    proxy.simulator.setBrain(() => ({ parts: [{ text }] }));
    await proxy.openai.models.list();
    const lane = new Lane(way, proxy);
    await lane.#works();
    return lane;
  }

  /** Asks while the fault strikes, looks for what is left over, and asks again once it is mended. */
  async try(fault: Fault): Promise<Trial> {
    const { simulator } = this.#proxy;
    let problem: string;
    try {
      await fault.strike(simulator);
      problem = this.#judge(fault, await ask(this.#proxy.url, this.way));
      await fault.mend?.(simulator);
      await this.#works();
    } catch (error) {
      await fault.mend?.(simulator);
      problem = String(error);
    }
    try {
      await this.#settled();
    } catch (error) {
      return { problem: problem || String(error), leaked: true };
    }
    return { problem, leaked: false };
  }

  /** Fails when anything was left behind or any rule of the wire was broken. */
  async close(): Promise<void> {
    await this.#proxy.close();
  }

  #judge(fault: Fault, outcome: Outcome): string {
    const expected = this.way.alwaysSays === undefined ? fault.outcome : 'answer';
    if ('text' in outcome) {
      if (outcome.text !== (this.way.alwaysSays ?? text)) {
        return `an answer of ${outcome.text.length} characters that is not the model's`;
      }
      return expected === 'answer' || fault.mayAnswer ? '' : 'an answer, where there cannot be a whole one';
    }
    const { status, error } = outcome;
    // A stream that has begun can only say that it failed.
    if (status === expected || (this.way.streams && status === 200 && expected !== 'answer')) return '';
    return `${status} instead of ${expected}: ${JSON.stringify(error)}`;
  }

  async #works(): Promise<void> {
    const outcome = await ask(this.#proxy.url, this.way);
    if (!('text' in outcome) || outcome.text !== (this.way.alwaysSays ?? text)) {
      throw new Error(`the next request does not work: ${JSON.stringify(outcome)}`);
    }
  }

  /** Upstream has nothing to do for us, no session is open, every place is free. */
  async #settled(): Promise<void> {
    await this.#proxy.idle();
    const { simulator } = this.#proxy;
    await simulator.until(() => simulator.ipc.sessions.size === 0, 'every session is deleted');
  }
}
