import { ProxyError } from '../../core/errors.ts';
import type { Image, Text } from '../../core/turn.ts';
import { parseDataUrl } from './decode-image-url.ts';
import type { ContentPart } from './schema.ts';

/**
 * An `input_file` part: an image stays one, a text becomes text under its name. Throws `unsupported-feature` for what the
 * models cannot read: PDFs and other binary files, files kept elsewhere.
 */
export function decodeFile(part: ContentPart, at: string): Text | Image {
  const elsewhere = part.file_id ? 'file_id' : 'file_url';
  if (!part.file_data) {
    if (!part.file_id && !part.file_url) {
      throw new ProxyError('invalid-request', `${at} has no file_data.`, { param: `${at}.file_data` });
    }
    throw new ProxyError(
      'unsupported-feature',
      `${at}.${elsewhere} names a file kept elsewhere, which this proxy does not fetch. Send its text, or the file in file_data.`,
      { param: `${at}.${elsewhere}` },
    );
  }
  const param = `${at}.file_data`;
  const inline = parseDataUrl(part.file_data, param);
  if (inline?.mediaType.startsWith('image/')) {
    return { type: 'image', source: { kind: 'base64', mediaType: inline.mediaType, data: inline.data } };
  }
  const text = readText(inline?.data ?? part.file_data);
  if (text === undefined) {
    throw new ProxyError(
      'unsupported-feature',
      `${at} is not a text file, and the models of Lingma read no PDFs or other binary files. Send its text, or images of its pages.`,
      { param },
    );
  }
  return { type: 'text', text: part.filename ? `${part.filename}:\n${text}` : text };
}

function readText(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  // A PDF may be plain ASCII, yet nobody means its source.
  if (bytes.includes(0) || bytes.toString('latin1', 0, 5) === '%PDF-') return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
