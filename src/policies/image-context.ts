import { createHash } from 'node:crypto';
import { type Backend, type Policy, type RunContext, withRun } from '../core/backend.ts';
import { collect } from '../core/collect.ts';
import { ProxyError, toProxyError } from '../core/errors.ts';
import type { TurnEvent } from '../core/events.ts';
import { phrase } from '../core/localizer.ts';
import type { Image, Message, Turn } from '../core/turn.ts';
import { lastImageMessage, replaceImages, textOf } from './image-parts.ts';
import { type LoadImage, loadImages } from './load-images.ts';
import { earlierImage } from './loaded-images.ts';

export interface ImageContextOptions {
  /** Answers turns that hold images: the local runtime. */
  readonly imageBackend: Backend;
  readonly load: LoadImage;
  /** Gives images to the remote API itself, for models that read them; absent: never. */
  readonly upload?: ImageUpload;
  /** Descriptions kept, so that an agent's next turns do not ask for the same image again. Default 200. */
  readonly mostDescriptions?: number;
}

export interface ImageUpload {
  /** Whether to try it with this model, by its remote key. */
  readonly isWorthTrying: (model: string) => boolean;
  /** Resolves to the URL by which upstream knows the image from then on. */
  readonly upload: (image: Image, context: RunContext) => Promise<string>;
}

/**
 * The remote API does not reliably read images; the local runtime does. A turn with images and without tools runs there as a
 * whole. With tools, a short turn there describes the images for the person's question, the description takes their place, and
 * the turn goes on remotely with native tools. Descriptions are kept by image and question. Where uploading is worth trying, it is
 * tried first.
 */
export function imageContext(options: ImageContextOptions): Policy {
  const descriptions = new Map<string, string>();
  const most = options.mostDescriptions ?? 200;

  const remember = (key: string, description: string): void => {
    descriptions.delete(key);
    descriptions.set(key, description);
    for (const oldest of descriptions.keys()) {
      if (descriptions.size <= most) break;
      descriptions.delete(oldest);
    }
  };

  return (inner) => {
    async function* runWithImages(turn: Turn, context: RunContext): AsyncGenerator<TurnEvent> {
      const last = lastImageMessage(turn);
      const message = turn.messages[last];
      if (!message) return;
      const uploaded = await tryUpload(turn, last, options, context);
      if (uploaded) return yield* inner.run(uploaded, context);
      if (turn.tools.length === 0) {
        context.trace.note({
          type: 'remark',
          text: 'The request holds images, so the local runtime answers it.',
        });
        return yield* options.imageBackend.run(turn, context);
      }
      const images = [...(await loadImages(message, options.load, context)).values()];
      const question = questionOf(turn, last);
      const key = keyOf(images, question);
      let description = descriptions.get(key);
      if (description === undefined) {
        context.trace.note({
          type: 'remark',
          text: `The local runtime describes ${images.length === 1 ? 'an image' : `${images.length} images`} for this request.`,
        });
        description = await describe(options.imageBackend, turn.model, images, question, context);
      }
      remember(key, description);
      return yield* inner.run(withDescription(turn, last, description), context);
    }
    return withRun(inner, (turn, context) =>
      lastImageMessage(turn) < 0 ? inner.run(turn, context) : runWithImages(turn, context),
    );
  };
}

/** The turn with its images at upstream; undefined where that is not to be tried or does not work. */
async function tryUpload(
  turn: Turn,
  last: number,
  { upload, load }: ImageContextOptions,
  context: RunContext,
): Promise<Turn | undefined> {
  const message = turn.messages[last];
  if (!message || !upload?.isWorthTrying(turn.model)) return undefined;
  const uploaded = new Map<Image, Image>();
  for (const [image, loaded] of await loadImages(message, load, context)) {
    try {
      const url = await upload.upload(loaded, context);
      uploaded.set(image, { type: 'image', source: { kind: 'uploaded', url } });
    } catch (thrown) {
      const { kind, message: reason } = toProxyError(thrown);
      if (kind === 'cancelled') throw thrown;
      context.trace.note({
        type: 'remark',
        text: `The image could not be uploaded (${reason}); the local runtime takes it.`,
      });
      return undefined;
    }
  }
  return replaceImages(turn, (image, index) =>
    index === last ? (uploaded.get(image) ?? image) : { type: 'text', text: earlierImage },
  );
}

/** What was asked about the images: the text beside them, else what the person said last before (a tool delivered the image). */
function questionOf(turn: Turn, index: number): string {
  for (let at = index; at >= 0; at--) {
    const message = turn.messages[at];
    if (message?.role !== 'user') continue;
    const text = textOf(message);
    if (text !== '') return text;
  }
  return '';
}

function keyOf(images: readonly Image[], question: string): string {
  const hash = createHash('sha256');
  for (const { source } of images)
    hash.update(source.kind === 'base64' ? source.data : source.url).update('\n');
  return hash.update(question).digest('hex');
}

/** The runtime's own words about the images. Throws what its turn throws. */
async function describe(
  backend: Backend,
  model: string,
  images: readonly Image[],
  question: string,
  context: RunContext,
): Promise<string> {
  const instruction =
    'Describe the attached image so that somebody who cannot see it can act on it: what it is, every text in it word for word, ' +
    'layout, colours, and errors or highlights that matter. Do not answer the question and do not guess.';
  const asked = question === '' ? '' : `\n\nIt will be used to answer this:\n${question.slice(0, 4_000)}`;
  const message: Message = {
    role: 'user',
    content: [{ type: 'text', text: instruction + asked }, ...images],
  };
  const { content } = await collect(
    backend.run(
      {
        model,
        system: [],
        messages: [message],
        tools: [],
        toolChoice: { type: 'none' },
        sampling: {},
        delivery: 'whole',
        metadata: {},
      },
      context,
    ),
  );
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
  if (text.trim() !== '') return text.trim();
  throw new ProxyError(
    'upstream-protocol',
    phrase(
      'The local runtime of Lingma / QoderCN answered with nothing when it was asked to describe the image. Send the request again, or leave the image out.',
    ),
    { retryAfterSeconds: 1 },
  );
}

function withDescription(turn: Turn, last: number, description: string): Turn {
  let described = false;
  return replaceImages(turn, (_image, index) => {
    if (index !== last) return { type: 'text', text: earlierImage };
    if (described) return { type: 'text', text: '[One more image; the description above covers it.]' };
    described = true;
    return { type: 'text', text: `[Image, described by a model that can see it:\n${description}]` };
  });
}
