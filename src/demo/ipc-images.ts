import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { ImageBlock, PromptParams } from './ipc-schema.ts';
import type { Flavour } from './runtime-info.ts';

/** An image that passed every check. */
export interface ReceivedImage {
  readonly mimeType: string;
  readonly uri: string;
  readonly bytes: Buffer;
}

/** Why a prompt's images are refused. `foreignScheme`: well-formed, but the other product's. */
export interface ImageProblem {
  readonly message: string;
  readonly foreignScheme: boolean;
}

const schemes = { lingma: 'lingma', qoder: 'qodercn' } as const;

/** Checks a prompt's image blocks: URI scheme, the file it names, the bytes, and their repetition in `contextParams`. */
export function readImages(
  params: PromptParams,
  flavour: Flavour,
): { images: ReceivedImage[] } | { problem: ImageProblem } {
  const blocks = params.prompt.filter((block) => block.type === 'image');
  if (JSON.stringify(params.contextParams) !== JSON.stringify(blocks)) {
    return broken('contextParams does not repeat the images of the prompt');
  }
  const images: ReceivedImage[] = [];
  for (const block of blocks) {
    const image = readImage(block, flavour);
    if ('problem' in image) return image;
    images.push(image);
  }
  return { images };
}

function readImage(block: ImageBlock, flavour: Flavour): ReceivedImage | { problem: ImageProblem } {
  const match = /^(lingma|qodercn):\/\/\/agent\/file\?path=([^&]+)$/.exec(block.uri);
  if (match === null) return broken('invalid uri');
  const [, scheme, encodedPath = ''] = match;
  if (scheme !== schemes[flavour]) return { problem: { message: 'invalid uri', foreignScheme: true } };
  const path = decode(encodedPath);
  if (path === undefined || !isAbsolute(path) || encodedPath.includes('/')) {
    return broken('invalid uri: path is not a url-encoded absolute path');
  }
  const bytes = Buffer.from(block.data, 'base64');
  const file = readOrUndefined(path);
  if (file === undefined) return broken('image file does not exist');
  if (imageType(file) === undefined) return broken('image file is not an image');
  if (imageType(bytes) !== block.mimeType) return broken(`image data is not ${block.mimeType}`);
  if (!file.equals(bytes)) return broken('image data differs from the image file');
  return { mimeType: block.mimeType, uri: block.uri, bytes };
}

/** The type that the first bytes tell, or undefined when they are of no known image. */
function imageType(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, 12);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif';
  if (head.startsWith('RIFF') && head.slice(8) === 'WEBP') return 'image/webp';
  return undefined;
}

function broken(message: string): { problem: ImageProblem } {
  return { problem: { message, foreignScheme: false } };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function readOrUndefined(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
