/**
 * The URL that a text is, or undefined. Not by `URL.canParse`, which fuzzing has seen take what `new URL` then throws on (Node 24), nor
 * by `URL.parse`, which Node 20 does not have.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
