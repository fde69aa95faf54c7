import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Lines are broken there: JSON has texts of any length, and a change in one should not show all of it twice. */
const longestLine = 400;
/** Changed lines up to which the shortest way from one text to the other is looked for: its cost grows with their square. */
const mostEdits = 1_500;
const mostCharacters = 1_000_000;
const context = 3;

/** A unified diff of two texts. The work is bounded: where they have little in common, all that differs is one change. */
export function unifiedDiff(
  left: { readonly name: string; readonly text: string },
  right: { readonly name: string; readonly text: string },
): string {
  const before = broken(left.text);
  const after = broken(right.text);
  const patch =
    createTwoFilesPatch(left.name, right.name, before, after, undefined, undefined, {
      context,
      maxEditLength: mostEdits,
      headerOptions: FILE_HEADERS_ONLY,
    }) ?? wholeChange(left.name, right.name, before.split('\n'), after.split('\n'));
  if (patch.length <= mostCharacters) return patch;
  return `${patch.slice(0, mostCharacters)}\n… ${patch.length - mostCharacters} more characters\n`;
}

function broken(text: string): string {
  // Where a JSON text holds a line break, so that its lines are compared and not the whole of it.
  return text
    .replaceAll('\\n', '\\n\n')
    .split('\n')
    .flatMap((line) => (line.length <= longestLine ? [line] : pieces(line)))
    .join('\n');
}

function pieces(line: string): string[] {
  const all: string[] = [];
  for (let start = 0; start < line.length; start += longestLine) {
    all.push(line.slice(start, start + longestLine));
  }
  return all;
}

/** Everything between what both begin and end with as one hunk. */
function wholeChange(
  leftName: string,
  rightName: string,
  left: readonly string[],
  right: readonly string[],
): string {
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start++;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end++;
  const first = Math.max(0, start - context);
  const kept = Math.max(0, end - context);
  const removed = left.slice(start, left.length - end);
  const added = right.slice(start, right.length - end);
  const lengths = [left.length - first - kept, right.length - first - kept];
  return [
    `--- ${leftName}`,
    `+++ ${rightName}`,
    `@@ -${first + 1},${lengths[0]} +${first + 1},${lengths[1]} @@`,
    ...left.slice(first, start).map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...left.slice(left.length - end, left.length - kept).map((line) => ` ${line}`),
    '',
  ].join('\n');
}
