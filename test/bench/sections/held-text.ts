import { parseOutput } from '../../policies/tool-emulation/parsed-output.ts';
import { mapValues } from '../statistics.ts';
import { table } from '../table.ts';
import type { Section } from './section.ts';

type Result = Readonly<Record<string, number>>;

/** Answers without a call, some of which look as if one came. */
const answers: Readonly<Record<string, string>> = {
  prose: 'The quick brown fox jumps over the lazy dog, and `then` some.\n'.repeat(200),
  'source code': `Look:\n\`\`\`ts\n${'const value = { a: [1, 2], b: "```" };\n'.repeat(200)}\`\`\`\n`,
  'JSON in a fence': `\`\`\`json\n{\n${'  "name": "value",\n'.repeat(400)}  "last": 1\n}\n\`\`\`\n`,
  'HTML and generics': '<div class="tool"><function>f</function></div> Map<string, call<T>> a < b\n'.repeat(
    100,
  ),
};

/** The most text that waits in the tool parser until it is known not to be a call. */
export const heldText: Section<Result> = {
  name: 'heldText',
  measure: () => {
    const result = mapValues(answers, (text) => parseOutput([...text]).longestHeld);
    return Promise.resolve({ result, text: describe(result) });
  },
};

function describe(result: Result): string {
  return `## Text that waits

Where tools are emulated, what may be the opening of a call waits until it is known. The most characters that waited, in answers
without a call:

${table(
  ['answer', 'characters'],
  Object.entries(result).map(([name, most]) => [name, String(most)]),
)}`;
}
