import { isRecord } from '../../src/core/json.ts';
import type { Random } from './random.ts';

type Path = readonly (string | number)[];

const scalars: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  0.5,
  200,
  429,
  2 ** 31,
  2 ** 53,
  1e21,
  -1e308,
  1e-7,
  '',
  ' ',
  '\n',
  '0',
  '{}',
  '[]',
  'null',
  'auto',
  '\u0000',
  '\ud800',
  '\udfff\u2028',
  '\u202e蓝😀',
  '__proto__',
  'constructor',
  [],
  {},
  [null],
  [[]],
  { toString: 1, valueOf: 1 },
];
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'type', ''];
/** Levels of nesting that the server lets through. */
const deepest = 150;

/** A JSON value with a few changes: values swapped, taken away, doubled, nested, moved; strings that hold JSON are opened. */
export function mutateJson(value: unknown, dictionary: readonly string[], random: Random): unknown {
  let changed = value;
  for (let left = random.upTo(3); left >= 0; left--) changed = mutateOnce(changed, dictionary, random);
  return changed;
}

function mutateOnce(root: unknown, dictionary: readonly string[], random: Random): unknown {
  const paths = [...pathsIn(root)];
  const path = random.pick(paths);
  return replaceAt(root, path, (value) => {
    switch (random.upTo(9)) {
      case 0:
        return random.pick(scalars);
      case 1:
        return dictionary.length > 0 ? random.pick(dictionary) : '';
      case 2:
        return valueAt(root, random.pick(paths));
      case 3:
        return nested(value, random);
      case 4:
        return random.chance(0.5) ? [value] : [value, value];
      case 5:
        return withoutEntry(value, random);
      case 6:
      case 7:
        return withEntry(value, valueAt(root, random.pick(paths)), dictionary, random);
      case 8:
        return typeof value === 'string' ? value.repeat(random.upTo(4)) : JSON.stringify(value);
      default:
        return mutateText(value, dictionary, random);
    }
  });
}

/** A string that holds JSON is changed inside; another gets something in its middle. */
function mutateText(value: unknown, dictionary: readonly string[], random: Random): unknown {
  if (typeof value !== 'string') return random.pick(scalars);
  try {
    const inner: unknown = JSON.parse(value);
    if (isRecord(inner)) return JSON.stringify(mutateOnce(inner, dictionary, random));
  } catch {
    // Plain text.
  }
  const at = random.upTo(value.length);
  return (
    value.slice(0, at) +
    random.pick([...dictionary, '"', '\\', '\n', '\u0000', '😀', '\ud83d']) +
    value.slice(at)
  );
}

function nested(value: unknown, random: Random): unknown {
  let outer = value;
  for (let depth = random.upTo(random.chance(0.1) ? deepest : 3); depth > 0; depth--) {
    outer = random.chance(0.5) ? [outer] : { a: outer };
  }
  return outer;
}

function withoutEntry(value: unknown, random: Random): unknown {
  if (Array.isArray(value))
    return value.length === 0 ? null : value.toSpliced(random.upTo(value.length - 1), 1);
  if (!isRecord(value) || Object.keys(value).length === 0) return undefined;
  const gone = random.pick(Object.keys(value));
  return fromEntries(Object.entries(value).filter(([key]) => key !== gone));
}

function withEntry(value: unknown, entry: unknown, dictionary: readonly string[], random: Random): unknown {
  if (Array.isArray(value)) return value.toSpliced(random.upTo(value.length), 0, entry);
  if (!isRecord(value)) return entry;
  const key = random.pick([...keys, ...dictionary, ...Object.keys(value)]);
  return fromEntries([...Object.entries(value), [key, entry]]);
}

/** As JSON.parse does, which makes even `__proto__` a property like any other. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* pathsIn(item, [...path, index]);
  else if (isRecord(value))
    for (const [key, item] of Object.entries(value)) yield* pathsIn(item, [...path, key]);
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => Object.entries(Object(value)).find(([key]) => key === String(step))?.[1],
    root,
  );
}

/** The value at a path replaced; `undefined` takes it out of what holds it. */
function replaceAt(root: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return change(root) ?? null;
  if (Array.isArray(root)) {
    const next = root.map((item, index) => (index === step ? replaceAt(item, rest, change) : item));
    return next;
  }
  if (!isRecord(root)) return root;
  return fromEntries(
    Object.entries(root).flatMap(([key, item]) => {
      if (key !== step) return [[key, item] as const];
      const replaced = rest.length === 0 ? change(item) : replaceAt(item, rest, change);
      return replaced === undefined ? [] : [[key, replaced] as const];
    }),
  );
}
