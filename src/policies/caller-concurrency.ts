import { type Policy, withRun } from '../core/backend.ts';
import { Pool } from './concurrency/pool.ts';
import { PooledRun } from './concurrency.ts';

/**
 * Lets at most `limitOf(caller)` turns of one caller run at once; its others wait in order and keep nobody else waiting. 0: no limit.
 * One policy around several backends holds a caller to its limit over all of them.
 */
export function callerConcurrency(limitOf: (caller: string) => number): Policy {
  // As many as there are keys.
  const pools = new Map<string, Pool>();
  const poolOf = (caller: string): Pool => {
    const pool = pools.get(caller) ?? new Pool(() => limitOf(caller));
    pools.set(caller, pool);
    return pool;
  };
  return (inner) =>
    withRun(inner, (turn, context) => {
      const { caller } = context;
      if (caller === undefined || limitOf(caller) === 0) return inner.run(turn, context);
      return new PooledRun(poolOf(caller), context, () => inner.run(turn, context));
    });
}
