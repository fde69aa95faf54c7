import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kept = join(import.meta.dirname, 'corpus');

/** An input with the name that it is kept under. */
export interface KeptInput {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The inputs that are kept for a parser, in order of their names. */
export function readCorpus(parser: string): KeptInput[] {
  const folder = join(kept, parser);
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** Keeps an input for good, under a name made of its content; returns the path. */
export function keep(parser: string, why: 'failed' | 'found', bytes: Buffer): string {
  const folder = join(kept, parser);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${why}-${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}`);
  writeFileSync(path, bytes);
  return path;
}
