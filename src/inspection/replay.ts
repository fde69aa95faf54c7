import { ProxyError } from '../core/errors.ts';
import { isRecord, tryParseJson } from '../core/json.ts';
import { phrase } from '../core/localizer.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { OwnRequest } from './call-self.ts';
import { holdsMarks } from './kept-images.ts';

/** Headers that belong to the connection, to the key or to a browser, or that are made anew. */
const notRepeated =
  /^(?:host|connection|content-length|content-encoding|transfer-encoding|accept-encoding|expect|te|upgrade|keep-alive|origin|referer|cookie|sec-.*|proxy-.*|authorization|x-api-key)$/;

/** A request as it has to be sent to repeat this one, with another body if one is given. Throws where it cannot be repeated. */
export function replayOf(request: KeptRequest, body?: string): OwnRequest {
  const { id, method, path, requestHeaders } = request.toHead();
  if (method !== 'POST' || !path.startsWith('/')) {
    throw new ProxyError(
      'unsupported-feature',
      phrase(
        'Only requests that came over HTTP with a body can be sent again, not those of VS Code’s own chat or for a list.',
      ),
    );
  }
  return {
    method,
    path,
    headers: { ...repeatedHeaders(requestHeaders), 'content-type': 'application/json' },
    body: body ?? keptBody(request),
    replayOf: id,
  };
}

function repeatedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name, value]) => !notRepeated.test(name.toLowerCase()) && !value.includes('[redacted'),
    ),
  );
}

function keptBody(request: KeptRequest): string {
  const { text, omitted } = request.readBody('request') ?? { text: '', omitted: 0 };
  if (text === '' || omitted > 0) {
    throw new ProxyError(
      'unsupported-feature',
      text === ''
        ? phrase(
            'The record holds no body that could be sent again: bodies are not recorded (setting recordBodies).',
          )
        : phrase(
            'The record holds only the beginning of the body; {0} characters are missing. Raise recordBodyLimitMegabytes in the settings, or send an edited body.',
            omitted,
          ),
    );
  }
  if (!holdsMarks(text)) return text;
  return JSON.stringify(withoutImages(tryParseJson(text) ?? text));
}

/** Parts of a message whose data the record did not keep say so in words, in either dialect. */
function withoutImages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutImages);
  if (!isRecord(value)) return value;
  const type = value['type'];
  if (typeof type === 'string' && isDataPart(type) && holdsMarks(JSON.stringify(value))) {
    const text = '[An image or file that this repeated request does not have any more.]';
    return { type: type.startsWith('input_') ? 'input_text' : 'text', text };
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutImages(inner)]));
}

function isDataPart(type: string): boolean {
  return ['image', 'image_url', 'input_image', 'document', 'file', 'input_file'].includes(type);
}
