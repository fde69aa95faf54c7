import { type Computer, pathsOf } from './computer.ts';
import { decodeText } from './files.ts';
import { newestLogs } from './newest-logs.ts';

/** A machine id, whose first 16 bytes are the key of the login cache beside it. */
export interface MachineId {
  readonly id: string;
  /** The file that it was read from. */
  readonly source: string;
}

/** The key of the login cache takes its first 16 bytes. */
const shortestMachineId = 16;
const largestIdFile = 4 * 1024;
const logMarker =
  /(?:using machine id from file:|machine id:|machine_id:|machineId:|machine-id:)[ \t]*["']?([\w-]{16,})/gi;

/** The files below a root that may hold the machine id, in order of preference. */
export function machineIdFiles(computer: Computer, root: string): string[] {
  const { join } = pathsOf(computer);
  return [join(root, 'cache', 'id'), join(root, 'cli', '.auth', 'id')];
}

/** The machine ids that a root offers, the best one first, each read when it is asked for. Never throws. */
export async function* machineIds(computer: Computer, root: string): AsyncGenerator<MachineId> {
  for (const source of machineIdFiles(computer, root)) {
    const content = await computer.files.readTail(source, largestIdFile);
    if ('problem' in content) continue;
    const id = decodeText(content.bytes).trim();
    if (Buffer.byteLength(id) >= shortestMachineId) yield { id, source };
  }
  for await (const { path, text } of newestLogs(computer, root)) {
    const id = lastMachineId(text);
    if (id !== undefined) yield { id, source: path };
  }
}

/** The machine id that a log mentions last. */
export function lastMachineId(log: string): string | undefined {
  let last: string | undefined;
  for (const match of log.matchAll(logMarker)) last = match[1];
  return last;
}
