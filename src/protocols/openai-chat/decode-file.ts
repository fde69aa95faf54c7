import { ProxyError } from '../../core/errors.ts';
import type { Image, Text } from '../../core/turn.ts';
import { parseDataUrl } from './decode-image-url.ts';
import type { ContentPart } from './schema.ts';

/**
 * A file part as what upstream can read: an image, or text under a line with the file's name. Throws
 * `unsupported-feature` for other binary files (PDF among them) and for files that were uploaded before.
 */
export function decodeFile(file: NonNullable<ContentPart['file']>, at: string): Text | Image {
  if (typeof file.file_data !== 'string') {
    if (typeof file.file_id === 'string') {
      throw new ProxyError(
        'unsupported-feature',
        `${at}.file_id names an uploaded file, but this proxy keeps no files. Send the text of the file instead.`,
        { param: `${at}.file_id` },
      );
    }
    throw new ProxyError('invalid-request', `${at} has no file_data.`, { param: `${at}.file_data` });
  }
  const param = `${at}.file_data`;
  const dataUrl = parseDataUrl(file.file_data, param);
  if (dataUrl?.mediaType.startsWith('image/')) {
    return { type: 'image', source: { kind: 'base64', mediaType: dataUrl.mediaType, data: dataUrl.base64 } };
  }
  const text = decodeUtf8(dataUrl?.base64 ?? file.file_data);
  if (text === undefined) {
    throw new ProxyError(
      'unsupported-feature',
      `${at} is a PDF or another binary file, which the models of Lingma cannot read. Send its text, or images of its pages.`,
      { param },
    );
  }
  return { type: 'text', text: file.filename ? `${file.filename}:\n\n${text}` : text };
}

/** Undefined when the bytes are not plainly text. */
function decodeUtf8(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.includes(0) || bytes.subarray(0, 5).toString('latin1') === '%PDF-') return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
