/** The name that is most probably meant by a mistyped one; undefined when none is close. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const wanted = typed.slice(0, 64).toLowerCase();
  const most = Math.max(1, Math.floor(wanted.length / 3));
  const ranked = names
    // As many letters as the lengths differ by have to be put in or taken out: most names need not be looked at.
    .filter((name) => Math.abs(name.length - wanted.length) <= most)
    .map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const best = ranked[0];
  if (best && best.distance <= most) return best.name;
  return wanted.length < 3 ? undefined : names.find((name) => name.toLowerCase().includes(wanted));
}

/** Insertions, deletions, replacements and swaps of neighbours that make one text of the other. */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  const at = (row: readonly number[], index: number) => row[index] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = at(last, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwap = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const swapped = isSwap ? at(beforeLast, j - 2) + 1 : replaced;
      row.push(Math.min(replaced, swapped, at(last, j) + 1, at(row, j - 1) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return at(last, other.length);
}
