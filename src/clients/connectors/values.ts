import { type Computer, hasSystemProxy, noProxyWith, variable } from '../computer.ts';
import type { Change } from '../config-data.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Note } from '../notes.ts';

/** The name under which clients keep the proxy among their providers. */
export const providerName = 'lingma';

/** The value if it is text. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Changes that put entries into a list in this order, before those that are there. */
export function listEntries<T>(
  at: readonly string[],
  entries: readonly T[],
  itemOf: (entry: T) => NonNullable<Change['item']>,
): readonly Change[] {
  return entries.toReversed().map((entry) => ({ at, item: itemOf(entry), value: entry }));
}

/** Tells to set `NO_PROXY` where a system proxy is set and loopback does not go past it yet. For clients whose files cannot say it. */
export function noProxyNotes(computer: Computer, endpoint: Endpoint): readonly Note[] {
  const known = variable(computer, 'NO_PROXY') ?? variable(computer, 'no_proxy') ?? '';
  const { hostname } = new URL(endpoint.url);
  if (!hasSystemProxy(computer) || known.split(',').some((entry) => entry.trim() === hostname)) return [];
  return [{ kind: 'set-no-proxy', value: noProxyWith(hostname, known) }];
}

/** Tells to unset variables that win over what is written. */
export function variableNotes(computer: Computer, names: readonly string[]): readonly Note[] {
  return names
    .filter((name) => variable(computer, name) !== undefined)
    .map((name) => ({ kind: 'unset-variable', name }));
}
