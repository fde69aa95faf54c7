import { isRecord } from '../core/json.ts';

/** One value in a configuration file that is set, or taken away when `value` is undefined. */
export interface Change {
  /** The keys that lead to it. Tables on the way that are missing are made. */
  readonly at: readonly string[];
  /** When `at` leads to a list: which entry of it, by the fields that tell it from the others, or by its whole value. */
  readonly item?: Readonly<Record<string, string>> | string | undefined;
  readonly value?: unknown;
}

/** A change with its place in one particular file. */
export interface Edit {
  /** A number is a place in a list. */
  readonly path: readonly (string | number)[];
  /** Undefined takes away what is there. */
  readonly value: unknown;
  /** The value becomes a new entry before the one at `path`. */
  readonly insert: boolean;
}

/** Something stands where a table or a list should be: its keys. */
export class WrongShape extends Error {
  override readonly name = 'WrongShape';
  readonly at: readonly string[];

  constructor(at: readonly string[]) {
    super(`${at.join('.')} has another shape`);
    this.at = at;
  }
}

/**
 * Where a change falls in `data`; undefined when it is there already. New list entries come first, as clients take the first of
 * those that fit. Throws `WrongShape`.
 */
export function placeChange(data: unknown, { at, item, value }: Change): Edit | undefined {
  const known = walk(data, at);
  if (item === undefined) {
    return isSame(known, value) ? undefined : { path: at, value, insert: false };
  }
  if (known === undefined || known === null)
    return value === undefined ? undefined : { path: at, value: [value], insert: false };
  if (!Array.isArray(known)) throw new WrongShape(at);
  const index = known.findIndex((entry) => isItem(entry, item));
  if (index < 0) return value === undefined ? undefined : { path: [...at, 0], value, insert: true };
  return isSame(known[index], value) ? undefined : { path: [...at, index], value, insert: false };
}

/** What is at the place of a change; undefined when there is nothing. Throws `WrongShape`. */
export function valueIn(data: unknown, { at, item }: Pick<Change, 'at' | 'item'>): unknown {
  const known = walk(data, at);
  if (item === undefined) return known;
  if (known === undefined || known === null) return undefined;
  if (!Array.isArray(known)) throw new WrongShape(at);
  return known.find((entry) => isItem(entry, item));
}

/** The value at some keys; undefined when one is missing, or something else than a table is on the way. */
export function valueAt(data: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>(
    (inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    data,
  );
}

function walk(data: unknown, at: readonly string[]): unknown {
  for (const index of at.keys()) {
    const inner = valueAt(data, at.slice(0, index));
    if (inner === undefined || inner === null) return undefined;
    if (!isRecord(inner)) throw new WrongShape(at.slice(0, index));
  }
  return valueAt(data, at);
}

/** `data` as it is after an edit. */
export function applyEdit(data: unknown, { path, value, insert }: Edit): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const isLast = rest.length === 0;
  if (typeof step === 'number') {
    const list: readonly unknown[] = Array.isArray(data) ? data : [];
    if (isLast && insert) return list.toSpliced(step, 0, value);
    if (isLast && value === undefined) return list.toSpliced(step, 1);
    return list.with(step, applyEdit(list[step], { path: rest, value, insert }));
  }
  const table = isRecord(data) ? data : {};
  if (isLast && value === undefined) {
    return Object.fromEntries(Object.entries(table).filter(([key]) => key !== step));
  }
  const inner = Object.hasOwn(table, step) ? table[step] : undefined;
  return { ...table, [step]: applyEdit(inner, { path: rest, value, insert }) };
}

/** Whether two values say the same; the order of keys does not count. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((entry, index) => isSame(entry, other[index]));
  }
  if (one instanceof Date && other instanceof Date) return String(one) === String(other);
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

/** Whether there is nothing in a table or list. */
export function isEmptyContainer(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function isItem(entry: unknown, item: NonNullable<Change['item']>): boolean {
  if (typeof item === 'string') return entry === item;
  return isRecord(entry) && Object.entries(item).every(([key, value]) => entry[key] === value);
}
