import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { AssistantContent, Image, Text } from '../../core/turn.ts';
import { decodeFile } from './decode-file.ts';
import { decodeImageUrl } from './decode-image-url.ts';
import { type ContentPart, partSchema } from './schema.ts';

/** Text only: instructions. Empty text is left out. Throws `invalid-request` or `unsupported-feature`. */
export function decodeTextContent(content: unknown, at: string): Text[] {
  return decodeContent(content, at, (part, partAt) => {
    if (part.type === 'text') return decodeText(part, partAt);
    throw unsupportedPart(part, partAt, 'only text is possible here');
  }).filter((part) => part.text !== '');
}

/** Text, images and files: what a user writes or a tool returns. Throws `invalid-request` or `unsupported-feature`. */
export function decodeUserContent(content: unknown, at: string): (Text | Image)[] {
  return decodeContent<Text | Image>(content, at, decodeUserPart);
}

function decodeUserPart(part: ContentPart, at: string): Text | Image {
  switch (part.type) {
    case 'text':
      return decodeText(part, at);
    case 'image_url': {
      const url = typeof part.image_url === 'string' ? part.image_url : part.image_url?.url;
      if (url === undefined) throw missing(at, 'image_url');
      return decodeImageUrl(url, `${at}.image_url`);
    }
    case 'file':
      if (!part.file) throw missing(at, 'file');
      return decodeFile(part.file, `${at}.file`);
    case 'input_audio':
      throw unsupportedPart(part, at, 'the models of Lingma do not listen; send a transcript as text');
    default:
      throw unsupportedPart(part, at, 'text, image_url and file are possible');
  }
}

/** What an earlier answer said: text, refusals and thoughts; empty pieces are left out. Throws like its siblings. */
export function decodeAssistantContent(content: unknown, at: string): AssistantContent[] {
  return decodeContent<AssistantContent>(content, at, (part, partAt) => {
    switch (part.type) {
      case 'text':
        return decodeText(part, partAt);
      case 'refusal':
        if (typeof part.refusal !== 'string') throw missing(partAt, 'refusal');
        return { type: 'text', text: part.refusal };
      case 'thinking':
      case 'reasoning':
        return { type: 'reasoning', text: part.thinking ?? part.text ?? '' };
      default:
        throw unsupportedPart(part, partAt, 'text and refusal are possible here');
    }
  }).filter((part) => part.type === 'tool-call' || part.text !== '');
}

function decodeContent<Part>(
  content: unknown,
  at: string,
  decodePart: (part: ContentPart, at: string) => Part,
): (Part | Text)[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  if (Array.isArray(content)) {
    return content.map((part: unknown, index) => {
      const partAt = `${at}[${index}]`;
      return decodePart(parseWith(partSchema, part, partAt), partAt);
    });
  }
  const got = content === null ? 'null' : content === undefined ? 'nothing' : typeof content;
  throw new ProxyError('invalid-request', `${at} must be a string or an array of parts, not ${got}.`, {
    param: at,
  });
}

function decodeText(part: ContentPart, at: string): Text {
  if (typeof part.text !== 'string') throw missing(at, 'text');
  return { type: 'text', text: part.text };
}

function missing(at: string, field: string): ProxyError {
  return new ProxyError('invalid-request', `${at} has no ${field}.`, { param: `${at}.${field}` });
}

function unsupportedPart(part: ContentPart, at: string, why: string): ProxyError {
  return new ProxyError(
    'unsupported-feature',
    `${at} is a content part of type "${part.type.slice(0, 64)}", which cannot be sent: ${why}.`,
    { param: `${at}.type` },
  );
}
