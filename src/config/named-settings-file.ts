import type { Origin } from './origin.ts';
import { configVariable, type Environment, isSet } from './read-environment.ts';

/** The configuration file that the flag or the environment names, and how; undefined when neither does. */
export function namedSettingsFile(
  flag: string | undefined,
  env: Environment,
): { readonly path: string; readonly by: Origin } | undefined {
  if (flag !== undefined) return { path: flag, by: { kind: 'flag', flag: 'config' } };
  const path = env[configVariable];
  return isSet(path) ? { path, by: { kind: 'environment', variable: configVariable } } : undefined;
}
