import type { Settings } from './config/settings.ts';
import type { Logger } from './core/logger.ts';
import type { RecordArchive } from './recording/record-archive.ts';
import { Recorder } from './recording/recorder.ts';
import type { Redactor } from './recording/redaction.ts';
import { UsageHistory } from './recording/usage-history.ts';

const megabyte = 1_000_000;
/** Bytes of records on disk at most: what is read again at the start. */
const largestArchive = 32 * megabyte;

/** What is kept of requests: in memory, and over a restart where there is a folder for it. */
export interface ComposedRecords {
  readonly recorder: Recorder;
  readonly usage: UsageHistory;
  /** Takes in what an earlier run has left, in the background. */
  open(): void;
  /** Resolves once that has been done. */
  restored(): Promise<void>;
  /** Removes what was written of requests. */
  clear(): void;
  /** Writes what is not written yet: what comes next may read it. */
  flush(): Promise<void>;
  /** The same, and nothing more is written after it. */
  close(): Promise<void>;
}

export function composeRecords(
  settings: Settings,
  redactor: Redactor,
  logger: Logger,
  directory: string | undefined,
): ComposedRecords {
  const usage = new UsageHistory();
  const recorder = new Recorder({
    redactor,
    keepsBodies: () => settings.recordBodies,
    bodyLimit: settings.recordBodyLimitMegabytes * megabyte,
    totalLimit: settings.recordLimitMegabytes * megabyte,
  });
  recorder.onSettled((request) => usage.add(request.toSummary()));
  let archive: Promise<RecordArchive> | undefined;
  let restored = Promise.resolve();

  async function openArchive(folder: string): Promise<RecordArchive> {
    const { RecordArchive } = await import('./recording/record-archive.ts');
    return new RecordArchive({
      directory: folder,
      recorder,
      usage,
      limit: Math.min(settings.recordLimitMegabytes * megabyte, largestArchive),
      isOn: () => settings.recordPersist,
      logger,
    });
  }

  return {
    recorder,
    usage,
    open() {
      if (directory === undefined) return;
      archive = openArchive(directory);
      restored = archive.then((opened) => opened.restore());
    },
    restored: () => restored,
    clear: () => void archive?.then((opened) => opened.clear()),
    flush: async () => (await archive)?.flush(),
    close: async () => (await archive)?.close(),
  };
}
