import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { ResponseFormat } from '../../core/turn.ts';
import { responseFormatSchema } from './schema.ts';

/** Undefined for plain text. Throws `invalid-request`, or `unsupported-feature` for an unknown type. */
export function decodeResponseFormat(value: unknown): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = parseWith(responseFormatSchema, value, 'response_format');
  switch (format.type) {
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json-object' };
    case 'json_schema':
      return decodeJsonSchemaFormat(format.json_schema);
    default:
      throw new ProxyError(
        'unsupported-feature',
        `response_format.type is "${format.type.slice(0, 64)}"; text, json_object and json_schema are possible.`,
        { param: 'response_format.type' },
      );
  }
}

function decodeJsonSchemaFormat(
  format: ReturnType<typeof responseFormatSchema.parse>['json_schema'],
): ResponseFormat {
  if (!format) {
    throw new ProxyError('invalid-request', 'response_format has no json_schema.', {
      param: 'response_format.json_schema',
    });
  }
  if (!format.schema) return { type: 'json-object' };
  return {
    type: 'json-schema',
    ...(format.name ? { name: format.name } : {}),
    schema: format.schema,
    ...(typeof format.strict === 'boolean' ? { strict: format.strict } : {}),
  };
}
