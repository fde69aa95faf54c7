import type { Image } from '../core/turn.ts';

/** Where requests of the dialects hold the data of an image or a file. */
const dataFields: ReadonlySet<string> = new Set(['data', 'url', 'image_url', 'file_data']);
const mark = /^\[redacted ([\w.+/-]+), (\d+) bytes\]$/;
const standIn = /^kept:(\d+)$/;

/**
 * A request's JSON with something that a decoder accepts in the place of each image that the record left out. What stands in
 * holds the size of what it stands for.
 */
export function withStandIns(json: unknown): unknown {
  return replaceStrings(json, (text, key) => {
    const [, kind, bytes] = (dataFields.has(key) && mark.exec(text)) || [];
    if (kind === undefined || bytes === undefined) return text;
    const data = Buffer.from(`kept:${bytes}`).toString('base64');
    if (key === 'data' || kind === 'base64') return data;
    return `data:${kind.includes('/') ? kind : 'image/*'};base64,${data}`;
  });
}

/** Bytes of an image that a request held itself; undefined for one that it only named. */
export function imageBytes({ source }: Image): number | undefined {
  if (source.kind !== 'base64') return undefined;
  const [, bytes] = standIn.exec(Buffer.from(source.data.slice(0, 64), 'base64').toString('latin1')) ?? [];
  return bytes === undefined ? Math.floor((source.data.length * 3) / 4) : Number(bytes);
}

/** Whether the record left the data of an image out, or has all of it. */
export function holdsMarks(text: string): boolean {
  return /\[redacted [\w.+/-]+, \d+ bytes\]/.test(text);
}

/** A copy in which each string is what `replace` makes of it; `key` is that of the field that holds it. */
function replaceStrings(json: unknown, replace: (text: string, key: string) => string, key = ''): unknown {
  if (typeof json === 'string') return replace(json, key);
  if (Array.isArray(json)) return json.map((item) => replaceStrings(item, replace, key));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, replaceStrings(value, replace, name)]),
  );
}
