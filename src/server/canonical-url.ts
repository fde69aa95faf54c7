/**
 * The request target under which the routes know it. Base URLs are entered with and without `/v1`, and clients of a forward
 * proxy name the whole URL: all of them work.
 */
export function canonicalUrl(url: string): string {
  const path = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?#]*\/?/i, '/');
  if (path.startsWith('/v1/v1/')) return path.slice(3);
  return /^\/(?:chat\/completions|responses|messages|models)(?:[/?]|$)/.test(path) ? `/v1${path}` : path;
}
