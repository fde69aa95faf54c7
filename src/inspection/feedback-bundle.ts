import { setImmediate as nextTurn } from 'node:timers/promises';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import type { LogLine } from '../recording/log-buffer.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { Redactor } from '../recording/redaction.ts';
import type { Overview } from '../shared/inspector-calls.ts';

/** Characters of records in a bundle: more than anybody reads, and few enough to be sent. */
const mostCharacters = 32_000_000;

export interface FeedbackBundleSources {
  /** Newest first. */
  readonly requests: readonly KeptRequest[];
  /** Newest first. */
  readonly logs: readonly LogLine[];
  readonly overview: Overview;
  /** What the proxy says of itself. */
  readonly state: object;
  /** Without secrets. */
  readonly settings: object;
  /** Where it runs, by name. */
  readonly environment: Readonly<Record<string, string>>;
  /** What was found on this computer, in lines. */
  readonly detection: readonly string[];
  /** What else the caller has to tell, by file name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly redactor: Redactor;
}

export interface FeedbackRange {
  /** ISO 8601. */
  readonly from?: string;
  readonly to?: string;
}

export interface FeedbackBundle {
  readonly zip: Uint8Array;
  readonly requests: number;
}

/** A zip for a bug report. All that goes into it is redacted, whoever made it, and once more as a whole file. */
export async function makeFeedbackBundle(
  sources: FeedbackBundleSources,
  range: FeedbackRange = {},
): Promise<FeedbackBundle> {
  const requests = sources.requests.filter((request) => isWithin(request.toSummary().time, range));
  const files: [string, () => string][] = [
    ['README.txt', () => readme(range, requests.length)],
    ['environment.json', () => pretty({ ...sources.environment, state: sources.state })],
    ['settings.json', () => pretty(sources.settings)],
    ['detection.txt', () => `${sources.detection.join('\n')}\n`],
    ['log.txt', () => logText(sources.logs, range)],
    ['overview.json', () => pretty(sources.overview)],
    ['requests.json', () => pretty(requests.map((request) => request.toSummary()))],
    ...Object.entries(sources.files ?? {}).map(([name, text]): [string, () => string] => [name, () => text]),
    ...requests.map((request): [string, () => string] => [
      `requests/${request.id}.json`,
      () => pretty(request.toRecord()),
    ]),
  ];
  return { zip: await zipped(files, sources.redactor), requests: requests.length };
}

function isWithin(time: string, { from, to }: FeedbackRange): boolean {
  const at = Date.parse(time);
  return (from === undefined || at >= Date.parse(from)) && (to === undefined || at <= Date.parse(to));
}

/** Oldest first, as logs are read. */
function logText(logs: readonly LogLine[], range: FeedbackRange): string {
  return logs
    .filter(({ time }) => isWithin(time, range))
    .map(logLine)
    .reverse()
    .join('');
}

function logLine({ time, level, message }: LogLine): string {
  return `${time} ${level} ${message}\n`;
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readme({ from, to }: FeedbackRange, count: number): string {
  return `Feedback bundle of Lingma Proxy, made ${new Date().toISOString()}

Requests: ${count}, from ${from ?? 'the oldest that is kept'} to ${to ?? 'the newest'}.

Keys, tokens, cookies, the fields of the login, images and other long base64 have been taken out. What you and
your programs wrote to the model, and what it answered, is in here: look through requests/ before you send it.

environment.json  where the proxy runs, and its state
settings.json     all settings in force, without secrets
detection.txt     what was found of Lingma / QoderCN on this computer
doctor.json       from VS Code: what the doctor found, without asking a model
log.txt           the proxy's log
overview.json     sums of the last day
requests.json     the requests in short
requests/         the requests with bodies, events and notes
`;
}

/** One file after the other, so that nothing else waits for all of them. */
async function zipped(
  files: readonly (readonly [name: string, read: () => string])[],
  redactor: Redactor,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    chunks.push(chunk);
  });
  let characters = 0;
  for (const [name, read] of files) {
    if (characters > mostCharacters) break;
    const text = redactor.text(read());
    characters += text.length;
    const file = new ZipDeflate(name, { level: 6 });
    zip.add(file);
    file.push(strToU8(text), true);
    await nextTurn();
  }
  zip.end();
  return Buffer.concat(chunks);
}
