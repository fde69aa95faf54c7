import { phrase } from '../core/localizer.ts';
import type { Computer } from './computer.ts';
import { readConfigFile } from './config-file.ts';
import { ConnectError } from './connect-error.ts';
import { type ConnectionRecord, readRecord, recordPath } from './connection-record.ts';
import type { EditedFile, FileConnector, GeneratedFile } from './connector.ts';
import type { Endpoint } from './endpoint.ts';
import { findInstallation } from './find-installation.ts';
import { changeText, isPlainJson, parseConfig } from './formats/change-text.ts';
import type { Note } from './notes.ts';
import { type UndoneFile, undoChanges, type WrittenFile } from './undo-changes.ts';

/** What happens to one file. Null is a file that is not there. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The whole file is made by this program, so that nobody need look at each line. */
  readonly isGenerated: boolean;
}

/** What connecting or disconnecting a client would do. Nothing has been done yet. */
export interface Plan {
  readonly client: { readonly id: string; readonly name: string };
  /** Only files that change. */
  readonly files: readonly FileChange[];
  readonly notes: readonly Note[];
  /** What has to be remembered afterwards, folders aside; undefined when the client is disconnected then. */
  readonly record: Omit<ConnectionRecord, 'folders'> | undefined;
}

/**
 * What connecting a client would do: always from how its files were without a connection, so that connecting again, to another
 * port or with other models, changes nothing but that. Throws `ConnectError`.
 */
export async function planConnection(
  connector: FileConnector,
  computer: Computer,
  endpoint: Endpoint,
): Promise<Plan> {
  const earlier = await undoAll(connector, computer);
  const written: WrittenFile[] = [];
  const files: FileChange[] = [];
  const unreadable: string[] = [];
  for (const file of await connector.files(computer)) {
    const known = earlier.get(file.path);
    const before = known ? known.current : await readConfigFile(file.path);
    const result = writeFile(file, known ? known.undone.text : before, endpoint);
    written.push(result);
    files.push({ path: file.path, before, after: result.written, isGenerated: 'text' in file });
    if ('isPlainJson' in file && !isPlainJson(result.written ?? '')) unreadable.push(file.path);
    earlier.delete(file.path);
  }
  // Files that it had then and has no more, as after a change of CODEX_HOME.
  for (const [path, file] of earlier) files.push(undoneFile(path, file));
  const { id, name } = connector;
  const isInstalled = (await findInstallation(connector, computer)) !== undefined;
  return {
    client: { id, name },
    files: files.filter(({ before, after }) => before !== after),
    notes: [
      ...(isInstalled ? [] : [{ kind: 'not-installed', client: name } as const]),
      ...(await connector.notes(computer, endpoint)),
      ...unreadable.map((path) => ({ kind: 'not-plain-json', client: name, path }) as const),
      { kind: 'restart', client: name },
    ],
    record: { version: 1, client: id, files: written.map(toRecord) },
  };
}

/** What disconnecting a client would do. Throws `ConnectError`, among others when it was not connected by this program. */
export async function planDisconnection(connector: FileConnector, computer: Computer): Promise<Plan> {
  const { id, name } = connector;
  if (!(await readRecord(computer, id))) {
    throw new ConnectError(
      'not-connected',
      phrase(
        '{0} has not been connected by this program, so there is nothing to undo. If it points here all the same, change its settings by hand.',
        name,
      ),
    );
  }
  const all = [...(await undoAll(connector, computer))];
  return {
    client: { id, name },
    files: all.map(([path, file]) => undoneFile(path, file)).filter(({ before, after }) => before !== after),
    notes: [
      ...all.flatMap(([path, { undone }]) =>
        undone.kept.length === 0 ? [] : [{ kind: 'kept', path, keys: undone.kept } as const],
      ),
      { kind: 'restart', client: name },
    ],
    record: undefined,
  };
}

function writeFile(
  file: EditedFile | GeneratedFile,
  original: string | null,
  endpoint: Endpoint,
): WrittenFile {
  const { path } = file;
  if ('text' in file) return { path, original, written: file.text(endpoint), changes: [] };
  const { format } = file;
  const changes = file.changes(parseConfig(format, original, path), endpoint);
  return { path, format, original, written: changeText(format, original ?? '', changes, path), changes };
}

interface EarlierFile {
  readonly current: string | null;
  readonly undone: UndoneFile;
  readonly isGenerated: boolean;
}

function undoneFile(path: string, { current, undone, isGenerated }: EarlierFile): FileChange {
  return { path, before: current, after: undone.text, isGenerated };
}

/** The files of an earlier connection, as they are and as they would be without it. */
async function undoAll(connector: FileConnector, computer: Computer): Promise<Map<string, EarlierFile>> {
  const record = await readRecord(computer, connector.id);
  const files = new Map<string, EarlierFile>();
  if (!record) return files;
  const [{ addressOf }] = await connector.files(computer);
  for (const file of record.files) {
    const { path, format, written } = file;
    const current = await readConfigFile(path);
    const addressIn = (text: string | null) => format && addressOf(parseConfig(format, text, path));
    const undone = inWords(connector, computer, () =>
      undoChanges({ ...file, format }, current, addressIn(current) === addressIn(written)),
    );
    files.set(path, { current, undone, isGenerated: format === undefined });
  }
  return files;
}

/** A file that is not valid any more cannot be undone: then its user should know where the old one is. */
function inWords<T>({ id }: FileConnector, computer: Computer, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    throw error.with(phrase('The file as it was before is kept in {0}.', recordPath(computer, id)));
  }
}

function toRecord({ path, format, original, written, changes }: WrittenFile) {
  return {
    path,
    ...(format === undefined ? {} : { format }),
    original,
    written,
    changes: changes.map(({ at, item, value }) => ({
      at: [...at],
      ...(item === undefined ? {} : { item: typeof item === 'string' ? item : { ...item } }),
      ...(value === undefined ? {} : { value }),
    })),
  };
}
