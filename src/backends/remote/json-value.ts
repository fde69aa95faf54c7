export type JsonRecord = Readonly<Record<string, unknown>>;

/** Narrows by hand what arrives at every chunk: a schema would cost more than the parsing itself. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed text, or undefined where it is not JSON (which has no `undefined`). */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
