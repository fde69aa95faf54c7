import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { OwnerRecord } from './owner-file.ts';

const ownerRecord: z.ZodType<OwnerRecord> = z.object({
  url: z.string(),
  token: z.string().min(16),
  pid: z.number(),
});

/** What an `OwnerFile` says; undefined when there is none, or none that can be read. */
export function readOwnerFile(path: string): OwnerRecord | undefined {
  try {
    return ownerRecord.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
