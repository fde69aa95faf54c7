import { ProxyError } from '../../core/errors.ts';
import type { Image } from '../../core/turn.ts';

const dataUrlHeader = /^data:([^;,]*)(?:;[^;,]*)*;base64$/i;

/** The media type and base64 data of a `data:` URL; undefined when it is none. Throws `invalid-request` without base64. */
export function parseDataUrl(
  url: string,
  param: string,
): { readonly mediaType: string; readonly data: string } | undefined {
  if (url.slice(0, 5).toLowerCase() !== 'data:') return undefined;
  const comma = url.indexOf(',');
  // Only the header is matched: what follows may be megabytes.
  const header = dataUrlHeader.exec(url.slice(0, Math.max(0, Math.min(comma, 256))));
  if (header === null) {
    throw new ProxyError('invalid-request', `${param} is a data: URL without base64 data.`, { param });
  }
  return { mediaType: (header[1] ?? '').toLowerCase(), data: url.slice(comma + 1) };
}

/** An image by data:, http(s): or file: URL or absolute path. Whether it can be read is for others to say. */
export function decodeImageUrl(url: string, param: string): Image {
  const inline = parseDataUrl(url, param);
  if (inline === undefined) {
    if (/^(?:https?:\/\/|file:\/\/|\/|\\\\|[a-z]:[\\/])/i.test(url)) {
      return { type: 'image', source: { kind: 'url', url } };
    }
    throw new ProxyError(
      'invalid-request',
      `${param} has to be a data:, http(s): or file: URL or an absolute path.`,
      { param },
    );
  }
  if (!inline.mediaType.startsWith('image/')) {
    throw new ProxyError(
      'invalid-request',
      `${param} holds "${inline.mediaType}" and not an image. Send other files as input_file.`,
      { param },
    );
  }
  return { type: 'image', source: { kind: 'base64', ...inline } };
}
