import { createHash } from 'node:crypto';
import * as z from 'zod';
import { describe } from './chat-body-schema.ts';

const uploadSchema = z.strictObject({
  ImageUri: z
    .string()
    .regex(/^(data:image\/[a-z+.-]+;base64,[A-Za-z0-9+/]+=*|https?:\/\/.+)$/, 'must be data: or http…'),
  RequestId: z.string().min(1),
});

/** The images that were uploaded, by the address under which a chat may name them. */
export class ImageUploads {
  readonly urls = new Set<string>();

  /** The reply to an upload, or the rule that it breaks. */
  add(body: unknown, requestId: string | null): { reply: object } | { broken: string } {
    const parsed = uploadSchema.safeParse(body);
    if (!parsed.success) return { broken: describe(parsed.error) };
    const { ImageUri, RequestId } = parsed.data;
    if (requestId !== RequestId) return { broken: 'RequestId differs from the query' };
    const name = createHash('md5').update(ImageUri).digest('hex');
    const ImageUrl = `https://lingma-upload.example.com/${name}.png`;
    this.urls.add(ImageUrl);
    return { reply: { Data: { Success: true, ImageUrl, RequestId } } };
  }
}
