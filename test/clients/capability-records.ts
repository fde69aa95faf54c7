import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { installedVersion } from './installed-clients.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.cache', 'capabilities');

const capability = z.object({
  client: z.object({ name: z.string(), package: z.string() }),
  feature: z.string(),
  backend: z.enum(['remote', 'ipc']),
  works: z.boolean(),
  /** The client's version. */
  version: z.string(),
  /** ISO 8601, the day only. */
  date: z.string(),
});

/** What one test found out about one client on one backend. */
export type Capability = z.infer<typeof capability>;

/** Keeps an outcome for the table; a later run of the same test replaces it. */
export function recordCapability(outcome: Omit<Capability, 'version' | 'date'>): void {
  const { client, feature, backend } = outcome;
  const file = `${client.name} ${feature} ${backend}.json`.replaceAll(/[^a-zA-Z0-9.]+/g, '-');
  mkdirSync(folder, { recursive: true });
  const complete = {
    ...outcome,
    version: installedVersion(client.package) ?? '',
    date: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(join(folder, file), `${JSON.stringify(complete, undefined, 2)}\n`);
}

/** Every outcome that was kept. */
export function readCapabilities(): readonly Capability[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => capability.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));
}
