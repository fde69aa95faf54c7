import { parseWith } from '../../core/parse.ts';
import type { Image } from '../../core/turn.ts';
import type { DecodeContext } from './decode-context.ts';
import { type Block, base64SourceSchema, imageBlockSchema, urlSourceSchema } from './schema.ts';

/** An `image` block; none when its source is refused while counting. */
export function decodeImage(block: Block, at: string, context: DecodeContext): Image[] {
  const { source } = parseWith(imageBlockSchema, block, at);
  switch (source.type) {
    case 'base64': {
      const { media_type, data } = parseWith(base64SourceSchema, source, `${at}.source`);
      return [{ type: 'image', source: { kind: 'base64', mediaType: media_type, data } }];
    }
    case 'url':
      return [decodeImageUrl(parseWith(urlSourceSchema, source, `${at}.source`).url)];
    default:
      context.refuse(
        `${at}.source`,
        `${at} is an image with a source of type "${source.type}". This proxy keeps no uploaded files. Send the image as base64 or by URL.`,
      );
      return [];
  }
}

function decodeImageUrl(url: string): Image {
  const marker = ';base64,';
  const comma = url.startsWith('data:') ? url.indexOf(marker) : -1;
  if (comma === -1) return { type: 'image', source: { kind: 'url', url } };
  const mediaType = url.slice('data:'.length, comma);
  return { type: 'image', source: { kind: 'base64', mediaType, data: url.slice(comma + marker.length) } };
}
