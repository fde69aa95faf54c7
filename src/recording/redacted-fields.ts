import type { Redactor } from './redaction.ts';

/** Characters of a path, a header or a note: nobody needs more, and many of them must not fill the memory either. */
export const longestField = 2_000;

/** Headers as Node has them. */
export type RawHeaders = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export function cut(text: string): string {
  return text.length > longestField ? `${text.slice(0, longestField)}…` : text;
}

/** A short text as it may be shown. */
export function redactedField(text: string, redactor: Redactor): string {
  return cut(redactor.text(text));
}

export function redactedHeaders(headers: RawHeaders, redactor: Redactor): Record<string, string> {
  const safe = redactor.headers(headers);
  for (const [name, value] of Object.entries(safe)) safe[name] = cut(value);
  return safe;
}

/** Characters held in memory. */
export function headerWeight(headers: RawHeaders): number {
  let weight = 0;
  for (const [name, value] of Object.entries(headers)) {
    weight += name.length + (typeof value === 'number' ? 8 : (value?.length ?? 0));
  }
  return weight;
}
