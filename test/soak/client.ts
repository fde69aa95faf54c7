import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { eventsOf, type Json, waysToAsk } from '../faults/ways.ts';
import { dialects, readAnswer } from './dialects.ts';
import type { Disturbances } from './disturbances.ts';
import { type Heard, leave, post, readSlowly, stopReading } from './exchange.ts';
import { type Plan, type PlannedAnswer, planOf } from './plan.ts';
import type { ProxyUnderSoak } from './proxy-under-soak.ts';
import type { Tallies } from './tally.ts';

export interface ClientOptions {
  readonly proxy: ProxyUnderSoak;
  readonly nextSeed: () => number;
  readonly disturbances: Disturbances;
  readonly tallies: Tallies;
}

/** One of many clients: asks, one request after the other, each as its plan says, and holds each answer against the plan. */
export class Client {
  readonly #options: ClientOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  /** Complete answers that were right. */
  right = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#ask(planOf(this.#options.nextSeed()));
    this.#agent.destroy();
  }

  async #ask(plan: Plan): Promise<void> {
    const { proxy, tallies } = this.#options;
    const { manner, moment } = plan;
    const { path, body: bodyOf } = dialects[plan.api];
    const body = JSON.stringify(bodyOf(plan));
    const at = { port: proxy.port, path };
    const own = { ...at, bodies: [body], sentShare: 1, stayMs: moment * 300, reads: true };
    switch (manner) {
      case 'reads':
        return this.#judge(plan, (agent) => post({ ...at, body, agent }));
      case 'reads slowly':
        return this.#judge(plan, () => post({ ...at, body, onAnswer: readSlowly }));
      case 'stops reading, then goes on':
        return this.#judge(plan, () => post({ ...at, body, onAnswer: stopReading(moment * 1_000) }));
      case 'expects to be asked for the body':
        return this.#judge(plan, () => post({ ...at, body, expects: true }));
      case 'leaves':
        // A third of them before all is sent.
        await leave({
          ...own,
          sentShare: Math.min(1, moment * 3),
          by: plan.seed % 2 === 0 ? 'close' : 'reset',
        });
        break;
      case 'stops reading, then leaves':
        await leave({ ...own, stayMs: moment * 1_000, reads: false, by: 'close' });
        break;
      case 'closes its half':
        await leave({ ...own, by: 'half' });
        break;
      case 'sends ahead, then breaks off':
        await leave({
          ...own,
          bodies: [body, body],
          by: 'reset',
        });
        break;
      default:
        manner satisfies never;
    }
    tallies.passed(nameOf(plan, proxy));
  }

  async #judge(plan: Plan, ask: (agent: Agent) => Promise<Heard>): Promise<void> {
    const { proxy, tallies, disturbances } = this.#options;
    const name = nameOf(plan, proxy);
    const from = performance.now();
    const heard = await ask(this.#agent);
    // Images go through the local runtime whatever the backend is.
    const upstreams = proxy.backend === 'ipc' || plan.image ? ['runtime'] : [];
    const problem = problemWith(plan, heard);
    if (problem === '') {
      this.right++;
      return tallies.passed(name);
    }
    const isBroken = heard.kind === 'broken' && disturbances.touched(from, proxy.url);
    const isProper = isProperFailure(plan, heard) && disturbances.touched(from, proxy.url, ...upstreams);
    if (isBroken || isProper) tallies.passed(`${name}, during a restart`);
    else tallies.failed(name, `seed ${plan.seed}: ${problem}`);
    await delay(50);
  }
}

function nameOf({ manner }: Plan, { backend }: ProxyUnderSoak): string {
  return `${backend}: ${manner}`;
}

/** '' when the answer is exactly the planned one. */
function problemWith(plan: Plan, heard: Heard): string {
  if (heard.kind === 'broken')
    return `the connection broke (${heard.why}) after ${heard.status} ${heard.body.slice(-300)}`;
  if (heard.status !== 200) return `${heard.status} ${heard.body.slice(0, 500)}`;
  try {
    return difference(plan.answer, readAnswer(plan, heard.body));
  } catch (error) {
    return `${String(error)} in ${heard.body.slice(-300)}`;
  }
}

/** '' when they are the same. White space around text that stands beside calls is nobody's. */
function difference(expected: PlannedAnswer, found: PlannedAnswer): string {
  if (found.text.trim() !== expected.text) return firstDifference('text', expected.text, found.text.trim());
  if (found.reasoning !== expected.reasoning) {
    return firstDifference('reasoning', expected.reasoning, found.reasoning);
  }
  return firstDifference('calls', JSON.stringify(expected.calls), JSON.stringify(found.calls));
}

function firstDifference(what: string, expected: string, found: string): string {
  if (expected === found) return '';
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  return `${what} differs at ${at} of ${expected.length}: ${around(found)} instead of ${around(expected)}`;
}

const ways = waysToAsk();

/** Whether it says in its dialect's way that it failed: by status and body, or by a stream's last event. */
function isProperFailure({ api, stream }: Plan, heard: Heard): boolean {
  const way = ways.find(({ path, streams }) => path === dialects[api].path && streams === stream);
  if (heard.kind === 'broken' || !way) return false;
  try {
    const [last] = heard.status === 200 ? eventsOf(heard.body).slice(-1) : [JSON.parse(heard.body) as Json];
    return last !== undefined && way.isError(last);
  } catch {
    return false;
  }
}
