/** The same text for itself: a slice keeps the whole text that it is part of in memory. Copied as it is in memory: a megabyte takes long to encode. */
export function unattached(slice: string): string {
  const encoding = Buffer.byteLength(slice) === slice.length ? 'latin1' : 'utf16le';
  return Buffer.from(slice, encoding).toString(encoding);
}
