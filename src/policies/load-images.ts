import type { RunContext } from '../core/backend.ts';
import { ProxyError, throwIfAborted } from '../core/errors.ts';
import { phrasesOf } from '../core/failure.ts';
import { phrase } from '../core/localizer.ts';
import type { Image, Message } from '../core/turn.ts';
import { imagesOf } from './image-parts.ts';

/** An image with its bytes inside, fit to be sent. Throws `invalid-request` that says which image cannot be used. */
export type LoadImage = (image: Image, context: RunContext) => Promise<Image>;

/** Images that one message may hold: as many as Anthropic's own API takes. */
const mostImages = 100;
/** Characters of base64 that they may have together once they are loaded: links are short, and lead to as much as they like. */
const mostCharacters = 80_000_000;

/**
 * The images of one message, each with what was loaded for it, in order. Throws `invalid-request` that says which of them cannot
 * be used, or that there are too many.
 */
export async function loadImages(
  message: Message,
  load: LoadImage,
  context: RunContext,
): Promise<ReadonlyMap<Image, Image>> {
  const images = imagesOf(message);
  if (images.length > mostImages) {
    throw new ProxyError(
      'invalid-request',
      phrase(
        'A message holds {0} images, and at most {1} are possible. Send fewer.',
        images.length,
        mostImages,
      ),
    );
  }
  const loaded = new Map<Image, Image>();
  let characters = 0;
  for (const [index, image] of images.entries()) {
    throwIfAborted(context.signal);
    try {
      const { source, type } = await load(image, context);
      characters += source.kind === 'base64' ? source.data.length : 0;
      if (characters > mostCharacters) throw tooMuch();
      loaded.set(image, { type, source });
    } catch (thrown) {
      throw images.length === 1 ? thrown : withPosition(thrown, index + 1, images.length);
    }
  }
  return loaded;
}

function tooMuch(): ProxyError {
  const megabytes = Math.floor((mostCharacters * 0.75) / 1_000_000);
  return new ProxyError(
    'invalid-request',
    phrase(
      'with this one the images of the message have more than {0} MB together. Send fewer or smaller ones.',
      megabytes,
    ),
  );
}

/** Several images given as data look alike in words: only their place tells them apart. */
function withPosition(thrown: unknown, place: number, count: number): unknown {
  if (!(thrown instanceof ProxyError) || thrown.kind !== 'invalid-request') return thrown;
  return new ProxyError(
    thrown.kind,
    phrase('Image {0} of the {1} in the message: {2}', place, count, phrasesOf(thrown)),
    thrown.details,
  );
}
