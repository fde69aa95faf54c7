/** How a call of a declared tool is written in an answer. */
export type CallKind = 'function' | 'custom' | 'tool_search' | 'local_shell' | 'shell' | 'apply_patch';

/** Call kinds of the tools that are not plain functions, by `callKindKey`. */
export type CallKinds = ReadonlyMap<string, CallKind>;

export function callKindKey(name: string, namespace?: string): string {
  return `${namespace ?? ''}\u0000${name}`;
}
