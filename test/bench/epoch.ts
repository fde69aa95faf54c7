/** Milliseconds since 1970, finer than `Date.now()`, comparable between the processes of one computer. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
