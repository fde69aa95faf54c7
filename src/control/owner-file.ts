import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** What windows have to know of the owner of a port. */
export interface OwnerRecord {
  /** Where the owner listens, reached from this computer. */
  readonly url: string;
  /** Lets its holder command the owner. */
  readonly token: string;
  readonly pid: number;
}

/**
 * The file in which the owner of a port tells this user's other windows how to reach it. Only who holds the port writes or removes
 * it, so that the port is the only lock there is; a file that was left behind leads to nobody and does no harm. Private to the user.
 */
export class OwnerFile {
  readonly path: string;

  /** `port`: as it is set, so that 0 is one, too. */
  constructor(directory: string, port: number) {
    // A home folder may be shared with containers and other computers, whose ports are not these.
    const computer = hostname().replaceAll(/[^\w.-]/g, '_');
    this.path = join(directory, `owner-${computer}-${port}.json`);
  }

  get exists(): boolean {
    return existsSync(this.path);
  }

  /** Throws as node:fs does. */
  write(record: OwnerRecord): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    writeFileAtomic.sync(this.path, JSON.stringify(record), { mode: 0o600 });
  }

  /** Writes it again if it is gone. Never throws. */
  restore(record: OwnerRecord): void {
    try {
      if (!this.exists) this.write(record);
    } catch {
      // Where it could not be written before, it cannot now.
    }
  }

  /** Call it while the port is still held: afterwards it may be another owner's. Never throws. */
  remove(): void {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // It leads to nobody.
    }
  }
}
