import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a process has used since it began. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** Asks a process that has the probe (probe.mjs) in it. One question at a time. */
export interface Probe {
  usage(): Promise<Usage>;
  /** Collects garbage first. */
  usageAfterCollection(): Promise<Usage & { readonly heapBytes: number }>;
  watchEventLoop(): Promise<void>;
  /** How late the event loop came to what was due, in milliseconds, since it has been watched. */
  eventLoopDelay(): Promise<{ readonly p99: number; readonly most: number }>;
}

export function createProbe(child: ChildProcess): Probe {
  const ask = async (question: string) => {
    const answer = once(child, 'message');
    child.send(question);
    return (await answer)[0];
  };
  return {
    usage: () => ask('usage'),
    usageAfterCollection: () => ask('usage after collection'),
    watchEventLoop: () => ask('watch event loop'),
    eventLoopDelay: () => ask('event loop delay'),
  };
}
