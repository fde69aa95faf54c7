import { type Policy, withRun } from '../core/backend.ts';
import type { Image } from '../core/turn.ts';
import { imagesOf, lastImageMessage, replaceImages } from './image-parts.ts';

/** An image with its bytes inside, fit to be sent. Throws `invalid-request` that says which image cannot be used. */
export type LoadImage = (image: Image, signal: AbortSignal) => Promise<Image>;

/** What stands where an image of an earlier message was. */
export const earlierImage = '[An image from earlier in the conversation; it is not shown again.]';

/**
 * Fetches, checks and scales the images of the last message that has some, before the turn goes on. Upstream looks at that
 * message's images only, so earlier ones become a line of text.
 */
export function loadedImages(load: LoadImage): Policy {
  return (inner) =>
    withRun(inner, async function* run(turn, context) {
      const last = lastImageMessage(turn);
      const message = turn.messages[last];
      if (!message) return yield* inner.run(turn, context);
      const loaded = new Map<Image, Image>();
      for (const image of imagesOf(message)) loaded.set(image, await load(image, context.signal));
      const ready = replaceImages(turn, (image, index) =>
        index === last ? (loaded.get(image) ?? image) : { type: 'text', text: earlierImage },
      );
      return yield* inner.run(ready, context);
    });
}
