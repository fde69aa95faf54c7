import { phrase } from '../core/localizer.ts';
import type { Computer } from './computer.ts';
import {
  missingFolders,
  readConfigFile,
  removeConfigFile,
  removeEmptyFolders,
  writeConfigFile,
} from './config-file.ts';
import { ConnectError } from './connect-error.ts';
import { readRecord, recordPath, removeRecord, writeRecord } from './connection-record.ts';
import type { FileChange, Plan } from './plan.ts';

/**
 * Does what was planned, wholly or not at all: when a file cannot be written, those before it are put back. Throws `ConnectError`,
 * among others when a file has changed since it was planned.
 */
export async function applyPlan({ client, files, record }: Plan, computer: Computer): Promise<void> {
  for (const { path, before } of files) {
    if ((await readConfigFile(path)) === before) continue;
    throw new ConnectError(
      'changed-meanwhile',
      phrase(
        '{0} has been changed by another program in the meantime. Nothing was changed: try again.',
        path,
      ),
      path,
    );
  }
  const earlier = await readRecord(computer, client.id);
  const folders = new Set(earlier?.folders);
  const recordFile = recordPath(computer, client.id);
  for (const path of record ? [recordFile, ...files.map(({ path }) => path)] : []) {
    for (const folder of await missingFolders(path)) folders.add(folder);
  }
  // The record comes first, so that whatever happens then can be undone.
  if (record) await writeRecord(computer, { ...record, folders: [...folders] });
  const done: FileChange[] = [];
  try {
    for (const file of files) {
      await put(file.path, file.after);
      done.push(file);
    }
  } catch (error) {
    for (const { path, before } of done.reverse()) await put(path, before);
    if (earlier) await writeRecord(computer, earlier);
    else await removeRecord(computer, client.id);
    if (!earlier) await removeEmptyFolders(folders);
    throw error;
  }
  if (record) return;
  await removeRecord(computer, client.id);
  await removeEmptyFolders(folders);
}

async function put(path: string, text: string | null): Promise<void> {
  if (text === null) await removeConfigFile(path);
  else await writeConfigFile(path, text);
}
