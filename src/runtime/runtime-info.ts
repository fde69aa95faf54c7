import * as z from 'zod';
import { type Phrase, phrase } from '../core/localizer.ts';
import { onDemand } from '../core/on-demand.ts';
import type { FileFault } from './files.ts';

/** What a runtime wrote about itself; each part may be missing. */
export interface RuntimeInfo {
  readonly port?: number;
  readonly pid?: number;
  /** A Unix socket or a Windows named pipe. */
  readonly pipe?: string;
}

/** The problem is the end of a sentence that begins with the file. */
interface InfoProblem {
  readonly problem: Phrase;
  readonly fault: FileFault;
}

const wholeNumber = (maximum: number) =>
  z
    .union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)])
    .pipe(z.int().min(1).max(maximum))
    .optional()
    .catch(undefined);

const infoFile = onDemand(() =>
  z.object({
    websocketPort: wholeNumber(65_535),
    pid: wholeNumber(2 ** 32),
    ipcServerPath: z.string().trim().min(1).optional().catch(undefined),
  }),
);

/** Reads the text of `.info.json`, or of the older `.info` (a line each for port, pid and pipe). Never throws. */
export function parseRuntimeInfo(text: string): RuntimeInfo | InfoProblem {
  const trimmed = text.trim();
  if (trimmed === '') return { problem: phrase('is empty, perhaps just being written'), fault: 'empty' };
  const info = trimmed.startsWith('{') ? parseJsonInfo(trimmed) : parseLegacyInfo(trimmed);
  if ('problem' in info) return info;
  if (info.port === undefined && info.pipe === undefined)
    return { problem: phrase('names neither a port nor a pipe'), fault: 'incomplete' };
  return info;
}

function parseJsonInfo(text: string): RuntimeInfo | InfoProblem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: phrase('is not complete JSON, perhaps just being written'), fault: 'broken' };
  }
  const parsed = infoFile().safeParse(value);
  if (!parsed.success) return { problem: phrase('is not a JSON object'), fault: 'broken' };
  const { websocketPort, pid, ipcServerPath } = parsed.data;
  return present(websocketPort, pid, ipcServerPath);
}

function parseLegacyInfo(text: string): RuntimeInfo {
  const [first, second, third] = text.split(/\r?\n/);
  const { websocketPort: port, pid, ipcServerPath: pipe } = infoFile().shape;
  return present(port.parse(first), pid.parse(second), pipe.parse(third));
}

function present(port: number | undefined, pid: number | undefined, pipe: string | undefined): RuntimeInfo {
  return {
    ...(port !== undefined && { port }),
    ...(pid !== undefined && { pid }),
    ...(pipe !== undefined && { pipe }),
  };
}
