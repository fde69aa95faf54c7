import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { Image, Text } from '../../core/turn.ts';
import { decodeFile } from './decode-file.ts';
import { decodeImageUrl } from './decode-image-url.ts';
import { type ContentPart, contentPartSchema } from './schema.ts';

/** Takes the name of a field that is accepted and has no effect. */
export type Ignore = (field: string) => void;

/**
 * A content of a message or a call's output: a string, or parts. What is textual is kept whatever its type says. Throws for
 * parts whose loss would change the meaning.
 */
export function decodeContent(content: unknown, at: string, ignore: Ignore): (Text | Image)[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) return [{ type: 'text', text: JSON.stringify(content) }];
  const decoded: (Text | Image)[] = [];
  content.forEach((part: unknown, index) => {
    const partAt = `${at}[${index}]`;
    if (typeof part === 'string') {
      decoded.push({ type: 'text', text: part });
      return;
    }
    const result = decodePart(parseWith(contentPartSchema, part, partAt), partAt);
    if (result === undefined) ignore(`${partAt} (${describeType(part)})`);
    else if (result.type !== 'text' || result.text !== '') decoded.push(result);
  });
  return decoded;
}

/** The same where only text can be: instructions and what the assistant said. Images there are named as ignored. */
export function decodeTextContent(content: unknown, at: string, ignore: Ignore): Text[] {
  const texts: Text[] = [];
  for (const part of decodeContent(content, at, ignore)) {
    if (part.type === 'text') texts.push(part);
    else ignore(`${at} (image)`);
  }
  return texts;
}

/** The `type` of a foreign value, for a message or a list of what was ignored. */
function describeType(value: unknown): string {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  return typeof type === 'string' ? type.slice(0, 64) : 'no type';
}

function decodePart(part: ContentPart, at: string): Text | Image | undefined {
  switch (part.type) {
    case 'input_image':
    case 'computer_screenshot':
    case 'image_url':
      return decodeImagePart(part, at);
    case 'input_file':
      return decodeFile(part, at);
    case 'input_audio':
      throw new ProxyError(
        'unsupported-feature',
        `${at} is audio, which the models of Lingma cannot hear. Send it as text.`,
        { param: at },
      );
    default: {
      const text = part.text ?? part.refusal;
      return typeof text === 'string' ? { type: 'text', text } : undefined;
    }
  }
}

function decodeImagePart(part: ContentPart, at: string): Image {
  if (part.image_url) {
    const url = typeof part.image_url === 'string' ? part.image_url : part.image_url.url;
    return decodeImageUrl(url, `${at}.image_url`);
  }
  if (part.file_id) {
    throw new ProxyError(
      'unsupported-feature',
      `${at}.file_id names an uploaded file, but this proxy keeps no files. Send the image as a data: URL in image_url.`,
      { param: `${at}.file_id` },
    );
  }
  throw new ProxyError('invalid-request', `${at} has no image_url.`, { param: `${at}.image_url` });
}
