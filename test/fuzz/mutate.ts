import { mutateJson } from './mutate-json.ts';
import type { Random } from './random.ts';

/** As large as what a hostile upstream sends at once. */
const largest = 384 * 1024;
/** Bytes that an input otherwise stays below, so that trying it stays cheap. */
const usual = 8 * 1024;

/** What mutations put into inputs of any form. */
const everywhere = [
  ...[
    '\n',
    '\r\n',
    '\n\n',
    '\r',
    ' ',
    '\t',
    '\0',
    '\ufeff',
    '\u2028',
    '蓝',
    '😀',
    'é',
    '"',
    "'",
    '\\',
    '\\u',
    '{',
    '}',
    '[',
    ']',
  ],
  ...[
    ':',
    ',',
    '=',
    '#',
    '//',
    '/*',
    '*/',
    '-',
    '--',
    '...',
    '0',
    '-1',
    '9'.repeat(20),
    '1e999',
    '65536',
    'null',
    'true',
    '{}',
  ],
  ...[
    '__proto__',
    'constructor',
    '"__proto__":',
    '{"__proto__":{"polluted":1}}',
    '${',
    '%s',
    '../',
    'NaN',
    'undefined',
  ],
];

export interface Ingredients {
  /** Words of the parser's own language. */
  readonly dictionary: readonly string[];
  /** Other inputs to splice with. */
  readonly pool: readonly Buffer[];
  /** Bytes of an input that is made large on purpose: work that grows with the square of these shows as a hang. */
  readonly mostBytes?: number | undefined;
}

/** A new input made of an old one: half of the time by its JSON structure where it has one, else by its bytes. */
export function mutate(input: Buffer, ingredients: Ingredients, random: Random): Buffer {
  const { dictionary, pool, mostBytes = largest } = ingredients;
  if (random.chance(0.5)) {
    const structured = mutateJsonIn(input, dictionary, random);
    if (structured) return structured;
  }
  const words = [...everywhere, ...dictionary, ...dictionary];
  let bytes = input;
  for (let left = random.upTo(4); left >= 0; left--) bytes = mutateBytes(bytes, words, pool, random);
  if (random.chance(0.004)) return repeatPart(bytes, mostBytes, random);
  return bytes.subarray(0, usual);
}

function mutateBytes(
  bytes: Buffer,
  words: readonly string[],
  pool: readonly Buffer[],
  random: Random,
): Buffer {
  const at = random.upTo(bytes.length);
  const to = Math.min(bytes.length, at + random.upTo(random.chance(0.5) ? 4 : 64));
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (random.upTo(7)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped[at] = (bytes[at] ?? 0) ^ (1 << random.upTo(7));
      return flipped;
    }
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, part, part, after]);
    case 3:
      return random.chance(0.5) ? before : after;
    case 4: {
      const other = random.pick(pool);
      const from = random.upTo(other.length);
      return Buffer.concat([before, other.subarray(from, from + random.upTo(256)), after]);
    }
    case 5:
      return Buffer.concat([before, Buffer.from(random.pick(words).repeat(random.upTo(2) + 1)), part, after]);
    case 6:
      return Buffer.concat([before, Buffer.from(random.pick(words)), after]);
    default:
      return Buffer.concat([before, Buffer.from([random.upTo(255)]), after]);
  }
}

function repeatPart(bytes: Buffer, size: number, random: Random): Buffer {
  const at = random.upTo(Math.max(0, bytes.length - 1));
  const part = bytes.subarray(at, at + 1 + random.upTo(24));
  if (part.length === 0) return bytes;
  const times = Math.floor(size / part.length);
  return Buffer.concat([bytes.subarray(0, at), ...Array<Buffer>(times).fill(part), bytes.subarray(at)]);
}

/** The whole input, or one of its lines, changed as JSON; undefined when nothing of it is. */
function mutateJsonIn(input: Buffer, dictionary: readonly string[], random: Random): Buffer | undefined {
  const text = input.toString();
  const whole = objectIn(text);
  if (whole) return Buffer.from(whole.around(JSON.stringify(mutateJson(whole.value, dictionary, random))));
  const lines = text.split('\n');
  const candidates = lines.flatMap((line, index) => (line.includes('{') ? [index] : []));
  if (candidates.length === 0) return undefined;
  const index = random.pick(candidates);
  const found = objectIn(lines[index] ?? '');
  if (!found) return undefined;
  const changed = found.around(JSON.stringify(mutateJson(found.value, dictionary, random)));
  return Buffer.from(lines.with(index, changed).join('\n'));
}

/** A JSON object or list in a text, behind whatever stands before it in its line. */
function objectIn(
  text: string,
): { readonly value: unknown; readonly around: (json: string) => string } | undefined {
  const start = text.search(/[{[]/);
  if (start < 0) return undefined;
  try {
    return { value: JSON.parse(text.slice(start)), around: (json) => text.slice(0, start) + json };
  } catch {
    return undefined;
  }
}
