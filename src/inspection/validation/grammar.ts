import type { JsonRecord } from '../../core/json.ts';

/** An event that a client read. */
export interface ReadEvent {
  readonly name: string | undefined;
  readonly json: JsonRecord;
}

/** Says that a rule of the dialect was broken. `rule` without the dialect's name. */
export type Report = (rule: string, text: string) => void;

/** The rules of one dialect's event streams, written from its public description. Fed with every event in order. */
export interface Grammar {
  /** Nothing may come any more. */
  readonly hasEnded: boolean;
  accept(event: ReadEvent, report: Report): void;
  /** The dialect's `[DONE]`, where it has one. */
  done?(report: Report): void;
  /** The stream has ended by itself: what is still open is missing its end. */
  end(report: Report): void;
}

/** A text field, '' when it is none. */
export function textIn(value: unknown, key: string): string {
  const field = fieldOf(value, key);
  return typeof field === 'string' ? field : '';
}

export function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Whether a call's arguments are what a client can parse: a JSON object, or nothing at all. */
export function isJsonObject(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
