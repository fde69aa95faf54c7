import { isRecord } from '../core/json.ts';
import { parseUrl } from '../core/parse-url.ts';
import { type Computer, pathsOf } from './computer.ts';
import { decodeText } from './files.ts';
import { newestLogs } from './newest-logs.ts';

/** A base URL that a file of Lingma or QoderCN mentions. */
export interface BaseUrlHint {
  readonly url: string;
  /** The file. */
  readonly source: string;
}

const knownHosts = new Set(['lingma.alibabacloud.com', 'lingma-api.tongyi.aliyun.com']);
/** Any name below it, none of whose parts is empty. */
const knownDomain = /^(?:[\w-]+\.)+rdc\.aliyuncs\.com$/;
/** Object storage: addresses of downloads, never of the API. */
const storageMarks = ['.oss-', 'oss-rg-', '.oss.'];

const largestConfig = 1024 * 1024;
const deepest = 32;
const urlInText = /https:\/\/[^\s"'`<>(){}[\]\\,;|]+/gi;
const markedInText =
  /(?:endpoint config:|Using service url:|Download asset from:)[ \t]*["']?([^\s"'`<>(){}[\]\\,;|]+)/gi;

/** The files below a root that may name the base URL, in order; the newest logs come after them. */
export function hintFiles(computer: Computer, root: string): string[] {
  const { join } = pathsOf(computer);
  return [
    join(root, 'extension', 'server', 'config.json'),
    join(root, 'extension', 'local', 'config.json'),
    join(root, 'bin', 'config.json'),
    join(root, 'cache', 'app-config.json'),
  ];
}

/** The first hint below a root that counts. Never throws. */
export async function findBaseUrlHint(computer: Computer, root: string): Promise<BaseUrlHint | undefined> {
  for (const source of hintFiles(computer, root)) {
    const content = await computer.files.readTail(source, largestConfig);
    if ('problem' in content) continue;
    const url = hintInConfig(decodeText(content.bytes));
    if (url !== undefined) return { url, source };
  }
  for await (const { path, text } of newestLogs(computer, root)) {
    const url = hintInText(text);
    if (url !== undefined) return { url, source: path };
  }
  return undefined;
}

/** The base URL that a configuration file names: values under keys that contain base, domain or url; else as in any text. */
export function hintInConfig(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return hintInText(text);
  }
  return hintInJson(value, false, 0);
}

/** The base URL that a log names: of all URLs the last that counts, else what follows one of the markers. */
export function hintInText(text: string): string | undefined {
  return lastHint(text.matchAll(urlInText), 0) ?? lastHint(text.matchAll(markedInText), 1);
}

/** The origin of a URL or host name that the login may be sent to; undefined for every other. */
export function acceptHint(text: string): string | undefined {
  const trimmed = text.trim();
  const written = trimmed.includes('://') ? trimmed : `https://${trimmed}`;
  const url = parseUrl(written);
  if (url === undefined) return undefined;
  const { protocol, hostname, origin, username, password } = url;
  if (protocol !== 'https:' || username !== '' || password !== '') return undefined;
  const isKnown = knownHosts.has(hostname) || knownDomain.test(hostname);
  return isKnown && !storageMarks.some((mark) => hostname.includes(mark)) ? origin : undefined;
}

function hintInJson(value: unknown, isNamed: boolean, depth: number): string | undefined {
  if (typeof value === 'string') return isNamed ? acceptHint(value) : undefined;
  if (depth >= deepest) return undefined;
  if (Array.isArray(value)) return firstOf(value, (each) => hintInJson(each, isNamed, depth + 1));
  if (!isRecord(value)) return undefined;
  return firstOf(Object.entries(value), ([key, each]) =>
    hintInJson(each, isNamed || /base|domain|url/i.test(key), depth + 1),
  );
}

function firstOf<T>(values: readonly T[], find: (value: T) => string | undefined): string | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lastHint(matches: Iterable<RegExpExecArray>, group: number): string | undefined {
  return firstOf([...matches].reverse(), (match) => acceptHint((match[group] ?? '').replace(/[.:!?]+$/, '')));
}
