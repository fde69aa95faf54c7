import * as z from 'zod';
import { ProxyError } from '../../core/errors.ts';
import { tryParseJson } from '../../core/json.ts';
import { phrase } from '../../core/localizer.ts';
import { onDemand } from '../../core/on-demand.ts';
import type { Image, Turn } from '../../core/turn.ts';

const uploadReply = onDemand(() =>
  z.object({ Data: z.object({ Success: z.literal(true), ImageUrl: z.url({ protocol: /^https?$/ }) }) }),
);

/** The URL in the reply to an upload. Throws `upstream-protocol` when there is none. */
export function parseUploadedUrl(text: string): string {
  const reply = uploadReply().safeParse(tryParseJson(text));
  if (reply.success) return reply.data.Data.ImageUrl;
  throw new ProxyError(
    'upstream-protocol',
    phrase('Upstream took the image but did not say under which address it keeps it.'),
  );
}

/** URLs of the turn's images that upstream has already, in order. The chat names them in `image_urls` and in `parts`. */
export function uploadedImageUrls({ messages }: Pick<Turn, 'messages'>): string[] {
  return messages
    .flatMap((message) => (message.role === 'user' ? message.content : []))
    .flatMap((part) => (part.type === 'tool-result' ? part.content : [part]))
    .flatMap((part) => (part.type === 'image' && isUploaded(part) ? [part.source.url] : []));
}

export function isUploaded(
  image: Image,
): image is Image & { readonly source: { readonly kind: 'uploaded' } } {
  return image.source.kind === 'uploaded';
}
