/** Tries that a smaller input is looked for with. */
const mostTries = 400;

/** An input from which parts were taken for as long as it still `fails`. */
export async function shrink(input: Buffer, fails: (smaller: Buffer) => Promise<boolean>): Promise<Buffer> {
  let smallest = input;
  let tries = 0;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.length && tries < mostTries; ) {
      const smaller = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      tries++;
      if (await fails(smaller)) smallest = smaller;
      else at += size;
    }
  }
  return smallest;
}
