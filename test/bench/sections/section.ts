import type { Measured, Upstream } from '../processes.ts';

/** What a part of the benchmark measures with. */
export interface Bench {
  /** The executable that product and pass-through run on. */
  readonly node: string;
  readonly upstream: Upstream;
  readonly servers: Servers;
  readonly quick: boolean;
  /** So many rounds, or as few as show that it runs. */
  rounds(full: number): number;
}

/** `floor`: the pass-through; `remote` and `ipc`: the product with that backend. */
export type Servers = Readonly<Record<ServerName, Measured>>;
export type ServerName = 'floor' | 'remote' | 'ipc';

export const serverNames = { floor: 'pass-through', remote: 'remote', ipc: 'IPC' } as const;

/** A part of the benchmark: measures, and tells it for programs and for people. */
export interface Section<Result = unknown> {
  readonly name: string;
  measure(bench: Bench): Promise<Findings<Result>>;
}

export interface Findings<Result> {
  readonly result: Result;
  readonly text: string;
  /** What of it should be how good. */
  readonly goals?: readonly Goal[];
}

export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'KB' | '×' | 's';
  readonly limit: number;
  readonly sense: 'at most' | 'at least';
  /** What stands in the way where it is missed, and what would help. */
  readonly why?: string;
}

/** One measurement for each server, by its name. */
export function forEachServer<Sample>(
  { servers }: Bench,
  measure: (server: Measured) => Promise<Sample>,
): Record<ServerName, () => Promise<Sample>> {
  return {
    floor: () => measure(servers.floor),
    remote: () => measure(servers.remote),
    ipc: () => measure(servers.ipc),
  };
}
