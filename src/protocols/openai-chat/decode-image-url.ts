import { ProxyError } from '../../core/errors.ts';
import type { Image } from '../../core/turn.ts';

/** A `data:` URL taken apart. Its data is not checked or copied. */
export interface DataUrl {
  readonly mediaType: string;
  readonly base64: string;
}

/** Undefined when `url` is no data URL. Throws `invalid-request` when it is one without base64. */
export function parseDataUrl(url: string, at: string): DataUrl | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(',');
  const header = comma === -1 ? '' : url.slice('data:'.length, comma);
  if (!/;\s*base64$/i.test(header)) {
    throw new ProxyError('invalid-request', `${at} is a data URL that does not hold base64 data.`, {
      param: at,
    });
  }
  return {
    mediaType: (header.split(';', 1)[0] ?? '').trim().toLowerCase(),
    base64: url.slice(comma + 1),
  };
}

/** A data URL, an http(s) or file URL, or an absolute path, as an image. Throws `invalid-request`. */
export function decodeImageUrl(url: string, at: string): Image {
  const dataUrl = parseDataUrl(url, at);
  if (dataUrl === undefined) {
    if (/^(https?:\/\/|file:\/\/|\/|[a-z]:[\\/]|\\\\)/i.test(url)) {
      return { type: 'image', source: { kind: 'url', url } };
    }
    throw new ProxyError(
      'invalid-request',
      `${at} is no image: a data:, http(s):// or file:// URL or an absolute path is needed.`,
      { param: at },
    );
  }
  if (!dataUrl.mediaType.startsWith('image/')) {
    throw new ProxyError(
      'invalid-request',
      `${at} is no image but "${dataUrl.mediaType.slice(0, 64)}". Send it as a file or as text.`,
      { param: at },
    );
  }
  return { type: 'image', source: { kind: 'base64', mediaType: dataUrl.mediaType, data: dataUrl.base64 } };
}
