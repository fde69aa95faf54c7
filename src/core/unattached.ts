/**
 * The same text for itself: a slice keeps the whole text that it was cut out of in memory. Joined from two pieces it is copied as it is
 * there; to encode and decode it would take longer.
 */
export function unattached(slice: string): string {
  const middle = slice.length >> 1;
  return [slice.slice(0, middle), slice.slice(middle)].join('');
}
