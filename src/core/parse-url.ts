/**
 * The URL that a text is, or undefined. Not by `URL.canParse`: Node 24 says that a host name of 16,000 characters can be parsed, and
 * `new URL` throws on it. Nor by `URL.parse`, which Node 20 does not have.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
