import { ProxyError } from '../core/errors.ts';
import { type PhraseValue, phrase } from '../core/localizer.ts';
import { imageError } from './image-error.ts';

/** An image as upstream takes it. */
export interface PreparedImage {
  readonly mediaType: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  readonly bytes: Buffer;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface PrepareLimits {
  /** Pixels of the longest side; larger images are scaled down to it. */
  readonly longestSide: number;
  /** Width times height beyond which an image is refused before it is decoded. */
  readonly maxPixels: number;
}

const mediaTypes = { png: 'image/png', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif' } as const;

/** Seconds for one image: what takes longer is made to take long. */
const decodeSeconds = 10;

/**
 * Checks by decoding that bytes are an image, turns it upright by its EXIF orientation, and scales a large one down to JPEG. A
 * small upright one keeps its bytes. `which` names it in errors. Throws `invalid-request`.
 */
export async function prepareImage(
  bytes: Buffer,
  which: PhraseValue,
  limits: PrepareLimits,
): Promise<PreparedImage> {
  // Before the library sees it, which would try decoders for dozens of formats on bytes of a stranger's choice.
  if (!looksKnown(bytes)) throw unsupported(which);
  const sharp = await loadSharp();
  try {
    const open = () =>
      sharp(bytes, { limitInputPixels: limits.maxPixels, failOn: 'error' }).timeout({
        seconds: decodeSeconds,
      });
    const { format, width, height, orientation } = await open().metadata();
    const mediaType = isKnown(format) ? mediaTypes[format] : undefined;
    if (mediaType === undefined) throw unsupported(which);
    if (Math.max(width, height) <= limits.longestSide && (orientation ?? 1) === 1) {
      // Decodes every pixel: a header alone does not make an image.
      await open().stats();
      return { mediaType, bytes, width, height };
    }
    const { data, info } = await open()
      .autoOrient()
      .resize({
        width: limits.longestSide,
        height: limits.longestSide,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 85 })
      .toBuffer({ resolveWithObject: true });
    return { mediaType: 'image/jpeg', bytes: data, width: info.width, height: info.height };
  } catch (error) {
    if (error instanceof Error && error.name === 'ProxyError') throw error;
    throw imageError(
      which,
      phrase(
        'it is broken or too large ({0}).',
        error instanceof Error ? error.message.slice(0, 200) : 'unknown',
      ),
      error,
    );
  }
}

function unsupported(which: PhraseValue): ProxyError {
  return imageError(which, phrase('only PNG, JPEG, WebP and GIF images are supported.'));
}

/** Whether bytes begin as one of the four formats does. */
function looksKnown(bytes: Buffer): boolean {
  const head = bytes.toString('hex', 0, 12);
  return /^(?:89504e470d0a1a0a|ffd8ff|474946383[79]61|52494646.{8}57454250)/.test(head);
}

/** Loaded with the first image: most sessions never need it, and it brings native code that a package may lack. */
async function loadSharp() {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    throw new ProxyError(
      'misconfigured',
      phrase(
        'This installation of Lingma Proxy cannot read images: the library "sharp" is missing or does not fit this computer. Install it beside the proxy (npm install sharp), or send the request without images.',
      ),
      { cause: error },
    );
  }
}

function isKnown(format: string): format is keyof typeof mediaTypes {
  return Object.hasOwn(mediaTypes, format);
}
