import type { GivenValue } from './origin.ts';
import { settingNames, settingTable } from './settings.ts';

/** The process environment, or what stands for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment variable that names the configuration file. */
export const configVariable = 'LINGMA_PROXY_CONFIG';

/** What the environment says of the settings. An empty variable counts as unset. */
export function readEnvironment(environment: Environment): GivenValue[] {
  return settingNames.flatMap((name) => {
    const variable = settingTable[name].environment.find((candidate) => isSet(environment[candidate]));
    if (variable === undefined) return [];
    return [{ name, value: environment[variable], origin: { kind: 'environment', variable } as const }];
  });
}

/** Whether the variable holds anything. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
