import { parseWith } from '../../core/parse.ts';
import type { ReasoningIntent, ResponseFormat } from '../../core/turn.ts';
import type { DecodeContext } from './decode-context.ts';
import { outputFormatSchema, type RequestBody } from './schema.ts';

/** `thinking` with the effort that goes with it; undefined unless the client asked for thinking. */
export function decodeReasoning(body: RequestBody, context: DecodeContext): ReasoningIntent | undefined {
  const effort = context.effort ?? body.output_config?.effort ?? undefined;
  const { thinking } = body;
  if (!thinking || thinking.type === 'disabled') {
    if (effort !== undefined) context.ignore('output_config.effort');
    return undefined;
  }
  // Thoughts are shown whole or not at all: nobody here could sum them up.
  if (thinking.display && thinking.display !== 'summarized') context.ignore('thinking.display');
  const budget = thinking.budget_tokens;
  return {
    ...(effort === undefined ? {} : { effort }),
    ...(typeof budget === 'number' ? { budgetTokens: budget } : {}),
  };
}

/** `output_config.format`, or `output_format` as its first version was called. */
export function decodeResponseFormat(body: RequestBody, context: DecodeContext): ResponseFormat | undefined {
  const [value, at] = body.output_config?.format
    ? [body.output_config.format, 'output_config.format']
    : [body.output_format, 'output_format'];
  if (value === null || value === undefined) return undefined;
  const format = parseWith(outputFormatSchema, value, at);
  switch (format.type) {
    case 'json_schema':
      if (!format.schema) return { type: 'json-object' };
      return { type: 'json-schema', schema: format.schema, ...(format.name ? { name: format.name } : {}) };
    case 'json_object':
      return { type: 'json-object' };
    case 'text':
      return undefined;
    default:
      context.refuse(at, `${at}.type "${format.type}" is unknown here. Use "json_schema".`);
      return undefined;
  }
}
