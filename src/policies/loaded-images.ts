import { type Backend, type Policy, type RunContext, withRun } from '../core/backend.ts';
import type { TurnEvent } from '../core/events.ts';
import type { Turn } from '../core/turn.ts';
import { lastImageMessage, replaceImages } from './image-parts.ts';
import { type LoadImage, loadImages } from './load-images.ts';

/** What stands where an image of an earlier message was. */
export const earlierImage = '[An image from earlier in the conversation; it is not shown again.]';

/**
 * Fetches, checks and scales the images of the last message that has some, before the turn goes on. Upstream looks at that
 * message's images only, so earlier ones become a line of text.
 */
export function loadedImages(load: LoadImage): Policy {
  return (inner) =>
    withRun(inner, (turn, context) =>
      lastImageMessage(turn) < 0 ? inner.run(turn, context) : runLoaded(inner, turn, context, load),
    );
}

async function* runLoaded(
  inner: Backend,
  turn: Turn,
  context: RunContext,
  load: LoadImage,
): AsyncGenerator<TurnEvent> {
  const last = lastImageMessage(turn);
  const message = turn.messages[last];
  const loaded = message && (await loadImages(message, load, context));
  yield* inner.run(
    replaceImages(turn, (image, index) =>
      index === last ? (loaded?.get(image) ?? image) : { type: 'text', text: earlierImage },
    ),
    context,
  );
}
