import { phrase } from '../core/localizer.ts';
import type { Image } from '../core/turn.ts';
import { fetchImage } from './fetch-image.ts';
import { imageError } from './image-error.ts';
import { prepareImage } from './prepare-image.ts';
import { readImageFile } from './read-image-file.ts';

export interface ImageLimits {
  /** Bytes of one image as it arrives. Default 20 MB. */
  readonly maxBytes: number;
  /** Width times height. Default 50 million. */
  readonly maxPixels: number;
  /** Pixels; what is larger is scaled down. Default 1568. */
  readonly longestSide: number;
  /** Milliseconds to fetch one. Default 15 s. */
  readonly fetchTimeoutMs: number;
  /** Loopback and private networks may be asked for images. */
  readonly allowLocalNetwork: boolean;
  /** Folders below which `file://` URLs and paths may be read; none: not at all. */
  readonly fileRoots: readonly string[];
}

export const defaultImageLimits: ImageLimits = {
  maxBytes: 20_000_000,
  maxPixels: 50_000_000,
  longestSide: 1_568,
  fetchTimeoutMs: 15_000,
  allowLocalNetwork: false,
  fileRoots: [],
};

/**
 * An image with its bytes inside, checked and scaled down, wherever the client had it: a data URL, base64, http(s), a file.
 * Throws `invalid-request` that says which image cannot be used and why.
 */
export async function loadImage(
  image: Image,
  limits: ImageLimits,
  signal: AbortSignal,
): Promise<Image & { readonly source: { readonly kind: 'base64' } }> {
  const { source } = image;
  const which =
    source.kind === 'base64' ? phrase('given as {0} data', source.mediaType) : source.url.slice(0, 200);
  const { bytes, mediaType } = await prepareImage(await bytesOf(image, limits, signal), which, limits);
  return { type: 'image', source: { kind: 'base64', mediaType, data: bytes.toString('base64') } };
}

async function bytesOf({ source }: Image, limits: ImageLimits, signal: AbortSignal): Promise<Buffer> {
  if (source.kind === 'base64') {
    if (source.data.length * 0.75 > limits.maxBytes) {
      throw imageError(
        phrase('given as {0} data', source.mediaType),
        phrase('it is larger than {0} MB.', Math.floor(limits.maxBytes / 1_000_000)),
      );
    }
    return Buffer.from(source.data, 'base64');
  }
  if (/^https?:/i.test(source.url)) {
    return fetchImage(source.url, { ...limits, timeoutMs: limits.fetchTimeoutMs }, signal);
  }
  return readImageFile(source.url, { maxBytes: limits.maxBytes, roots: limits.fileRoots });
}
