import { seededRandom } from '../../src/demo/tearing.ts';

/** How a client behaves while it is answered. */
export type Manner =
  | 'reads'
  | 'reads slowly'
  | 'stops reading, then goes on'
  | 'stops reading, then leaves'
  | 'leaves'
  | 'closes its half'
  | 'sends ahead, then breaks off'
  | 'expects to be asked for the body';

export type ApiName = 'chat' | 'responses' | 'messages';

/** One request and its answer, all of it told by the seed: client and model make it up independently. */
export interface Plan {
  readonly seed: number;
  readonly api: ApiName;
  readonly stream: boolean;
  readonly reasons: boolean;
  readonly tools: boolean;
  readonly image: boolean;
  /** What was said before. */
  readonly history: string;
  readonly manner: Manner;
  /** From 0 to 1: when in the answer a client does what it does. */
  readonly moment: number;
  /** Undefined: as fast as it goes. */
  readonly chunksPerSecond: number | undefined;
  readonly chunkSize: number;
  readonly answer: PlannedAnswer;
}

export interface PlannedAnswer {
  readonly reasoning: string;
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly input: object }[];
}

const manners: readonly (readonly [Manner, number])[] = [
  ['reads', 62],
  ['reads slowly', 6],
  ['stops reading, then goes on', 4],
  ['stops reading, then leaves', 4],
  ['leaves', 14],
  ['closes its half', 3],
  ['sends ahead, then breaks off', 3],
  ['expects to be asked for the body', 4],
];

const words = [
  ...'the of a function returns 42 error, file line\n\n  const await — “quoted” {braces} </tag> \\escape'.split(
    ' ',
  ),
  ...['你好', '世界', '编程', '🌍', 'é', 'Zażółć', '\t', '\u200b', '# heading\n', '- item\n'],
];

/** The plan of a seed, a whole number. */
export function planOf(seed: number): Plan {
  const random = seededRandom(seed);
  const chance = (share: number) => random() < share;
  const api = pick(['chat', 'responses', 'messages'] as const, random);
  const stream = chance(0.7);
  const tools = chance(0.3);
  const reasons = chance(0.25);
  const size = random() < 0.03 ? 400_000 : Math.floor(20 + random() ** 3 * 20_000);
  return {
    seed,
    api,
    stream,
    reasons,
    tools,
    image: chance(0.06),
    history: chance(0.2) ? prose(Math.floor(random() ** 3 * 200_000), random) : '',
    manner: weighted(manners, random),
    moment: random(),
    chunksPerSecond: size < 20_000 && chance(0.15) ? 200 + Math.floor(random() * 400) : undefined,
    // However long the answer is, it comes in some hundreds of pieces at most, as a model's does in a time that one would wait.
    chunkSize: 4 + Math.floor(random() * 60 + size / 800),
    answer: {
      reasoning: reasons ? prose(200, random) : '',
      text: prose(size, random),
      calls: tools && chance(0.7) ? callsOf(random) : [],
    },
  };
}

function callsOf(random: () => number): PlannedAnswer['calls'] {
  return Array.from({ length: 1 + Math.floor(random() * 2) }, () => ({
    name: 'write_file',
    input: { path: `/tmp/${Math.floor(random() * 1e6)}.ts`, content: prose(random() ** 2 * 4_000, random) },
  }));
}

/** Words of every width, as many as it takes. Begins and ends without white space, which models and parsers treat freely. */
function prose(characters: number, random: () => number): string {
  const pieces: string[] = [];
  for (let length = 0; length < characters; ) {
    const word = pick(words, random);
    pieces.push(word);
    length += word.length + 1;
  }
  return `So ${pieces.join(' ')} so.`;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}

function weighted<T>(list: readonly (readonly [T, number])[], random: () => number): T {
  let left = random() * list.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [item, weight] of list) {
    left -= weight;
    if (left < 0) return item;
  }
  return pick(list, random)[0];
}
