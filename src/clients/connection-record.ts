import { dirname } from 'node:path';
import * as z from 'zod';
import { tryParseJson } from '../core/json.ts';
import { phrase } from '../core/localizer.ts';
import { type Computer, pathsOf, stateFolder } from './computer.ts';
import { readConfigFile, removeConfigFile, removeEmptyFolders, writeConfigFile } from './config-file.ts';
import { ConnectError } from './connect-error.ts';

const recordSchema = z.object({
  version: z.literal(1),
  client: z.string(),
  files: z.array(
    z.object({
      path: z.string(),
      format: z.enum(['json', 'toml', 'yaml']).optional(),
      original: z.string().nullable(),
      written: z.string().nullable(),
      changes: z.array(
        z.object({
          at: z.array(z.string()),
          item: z.union([z.record(z.string(), z.string()), z.string()]).optional(),
          value: z.unknown().optional(),
        }),
      ),
    }),
  ),
  folders: z.array(z.string()),
});

/** What was done for one client, kept so that it can be undone: the files as they were are in it, so it is its user's only. */
export type ConnectionRecord = Omit<z.infer<typeof recordSchema>, 'files'> & {
  readonly files: readonly WrittenRecord[];
};
type WrittenRecord = z.infer<typeof recordSchema>['files'][number];

/** Where the record of a client is. */
export function recordPath(computer: Computer, client: string): string {
  return pathsOf(computer).join(stateFolder(computer), 'connections', `${client}.json`);
}

/** The record of a client; undefined when it was not connected. Throws `ConnectError`. */
export async function readRecord(computer: Computer, client: string): Promise<ConnectionRecord | undefined> {
  const path = recordPath(computer, client);
  const text = await readConfigFile(path);
  if (text === null) return undefined;
  const parsed = recordSchema.safeParse(tryParseJson(text));
  if (parsed.success) return parsed.data;
  throw new ConnectError(
    'invalid',
    phrase(
      '{0}, which tells how {1} was before it was connected, cannot be understood. If you do not need it, remove it.',
      path,
      client,
    ),
    path,
  );
}

export async function writeRecord(computer: Computer, record: ConnectionRecord): Promise<void> {
  await writeConfigFile(recordPath(computer, record.client), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Takes a record away, and with the last one its folder. */
export async function removeRecord(computer: Computer, client: string): Promise<void> {
  const path = recordPath(computer, client);
  await removeConfigFile(path);
  await removeEmptyFolders([dirname(path), stateFolder(computer)]);
}
