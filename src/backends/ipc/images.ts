import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyError } from '../../core/errors.ts';
import { phrase } from '../../core/localizer.ts';
import type { Image, Message, Turn, UserContent } from '../../core/turn.ts';
import { imageFolderPrefix, removeAbandonedImages } from './abandoned-images.ts';

/** Whose runtime it is; each reads only its own scheme. */
export type Flavour = 'qoder' | 'lingma';

/** An image in `session/prompt`, both as a prompt block and as a context parameter. */
export interface ImageBlock {
  readonly type: 'image';
  readonly mimeType: string;
  readonly uri: string;
  /** Base64 without a prefix. */
  readonly data: string;
}

/** Images on disk for one turn. */
export interface StoredImages {
  readonly count: number;
  blocks(flavour: Flavour): ImageBlock[];
  /** Deletes the files. Never throws. */
  remove(): Promise<void>;
}

/** Folders that this process has looked through for what was left there. */
const lookedThrough = new Set<string>();

const schemes = { qoder: 'qodercn', lingma: 'lingma' } as const satisfies Record<Flavour, string>;

/** The URI by which a runtime reads a file: `qodercn:///agent/file?path=…` or `lingma:///agent/file?path=…`. */
export function imageUri(flavour: Flavour, path: string): string {
  return `${schemes[flavour]}:///agent/file?path=${encodeURIComponent(path)}`;
}

/** The last user message that bears images, tool results included: its images are the ones that count. */
export function findImageMessage(
  turn: Turn,
): { readonly message: Message; readonly images: readonly Image[] } | undefined {
  for (let index = turn.messages.length - 1; index >= 0; index--) {
    const message = turn.messages[index];
    if (message?.role !== 'user') continue;
    const images = message.content.flatMap(imagesOf);
    if (images.length > 0) return { message, images };
  }
  return undefined;
}

/**
 * Writes the images that count into a private folder (0700, files 0600) below `folder`, the system's temporary one when
 * ''. The first time it also removes what a process that was killed has left there. Undefined: there are none. Throws `unsupported-feature` for an image that is still a URL.
 */
export async function storeImages(turn: Turn, folder: string): Promise<StoredImages | undefined> {
  const found = findImageMessage(turn);
  if (!found) return undefined;
  const sources = found.images.map(({ source }) => {
    if (source.kind === 'base64') return source;
    throw new ProxyError(
      'unsupported-feature',
      phrase(
        'The local runtime takes images only as data, and this one is a link: {0}. Send the image itself (base64).',
        source.url.slice(0, 200),
      ),
    );
  });
  const parent = folder === '' ? tmpdir() : folder;
  if (!lookedThrough.has(parent)) {
    lookedThrough.add(parent);
    void removeAbandonedImages(parent);
  }
  let directory = '';
  const remove = async () => {
    if (directory !== '')
      await rm(directory, { recursive: true, force: true, maxRetries: 2 }).catch(() => {});
  };
  try {
    directory = await mkdtemp(join(parent, imageFolderPrefix));
    const stored = await Promise.all(
      sources.map(async ({ mediaType, data }, index) => {
        const path = join(directory, `image-${index + 1}${extensionOf(mediaType)}`);
        const bytes = Buffer.from(data, 'base64');
        await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
        // Written anew, so that it is base64 and nothing else.
        return { mediaType, data: bytes.toString('base64'), path };
      }),
    );
    return {
      count: stored.length,
      blocks: (flavour) =>
        stored.map(({ mediaType, data, path }) => ({
          type: 'image',
          mimeType: mediaType,
          uri: imageUri(flavour, path),
          data,
        })),
      remove,
    };
  } catch (error) {
    await remove();
    throw new ProxyError(
      'internal',
      phrase(
        'An image could not be written to {0}: {1}. Check that the folder is writable and not full.',
        parent,
        error instanceof Error ? error.message : String(error),
      ),
      { cause: error },
    );
  }
}

function imagesOf(part: UserContent): readonly Image[] {
  switch (part.type) {
    case 'image':
      return [part];
    case 'tool-result':
      return part.content.filter((piece) => piece.type === 'image');
    case 'text':
      return [];
    default:
      return part satisfies never;
  }
}

function extensionOf(mediaType: string): string {
  const subtype = /^image\/([a-z0-9]{1,8})/i.exec(mediaType)?.[1]?.toLowerCase();
  if (subtype === undefined) return '';
  return subtype === 'jpeg' ? '.jpg' : `.${subtype}`;
}
