import { isRecord, type JsonRecord } from '../../core/json.ts';
import type { FunctionTool } from '../../core/turn.ts';
import { propertiesOf, requiredOf } from './resolve-call.ts';

const deepest = 2;
const mostChoices = 12;

/** A tool in one line, such as `Read(file_path: string, offset?: integer)`. */
export function signatureOf(tool: FunctionTool): string {
  return `${tool.name}(${members(propertiesOf(tool), requiredOf(tool), 0)})`;
}

function members(properties: JsonRecord, required: readonly unknown[], depth: number): string {
  return Object.entries(properties)
    .map(([name, schema]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(schema, depth)}`)
    .join(', ');
}

function typeText(schema: unknown, depth: number): string {
  if (!isRecord(schema)) return 'any';
  const choices = schema['enum'];
  if (Array.isArray(choices) && choices.length <= mostChoices) {
    return choices.map((choice) => JSON.stringify(choice)).join('|');
  }
  if ('const' in schema) return JSON.stringify(schema['const']);
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) {
    return [...new Set(alternatives.map((alternative) => typeText(alternative, depth)))].join('|');
  }
  const { type } = schema;
  if (Array.isArray(type)) return type.map((one) => typeText({ ...schema, type: one }, depth)).join('|');
  if (type === 'array') {
    const item = typeText(schema['items'], depth);
    return item.includes('|') ? `(${item})[]` : `${item}[]`;
  }
  const { properties } = schema;
  if (isRecord(properties) && depth < deepest) {
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    return `{${members(properties, required, depth + 1)}}`;
  }
  return typeof type === 'string' ? type : 'any';
}
