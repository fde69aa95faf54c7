import { isRecord, tryParseJson } from '../../core/json.ts';

/**
 * The value as its schema wants it, where it is plain what the model meant: "5" for 5, "true" for true, JSON text for the
 * object, a scalar for a list of one. Whatever is not plain stays as it is; the tool itself will say what is wrong.
 */
export function coerce(value: unknown, schema: unknown): unknown {
  if (!isRecord(schema)) return value;
  const types = typesOf(schema);
  if (types.length === 0 || types.some((type) => isOfType(value, type))) return inside(value, schema);
  const changed = types.map((type) => convert(value, type, schema)).filter((result) => result !== undefined);
  return changed.length === 1 ? changed[0] : value;
}

/** Whether null is among the values that the schema allows. */
export function allowsNull(schema: unknown): boolean {
  if (!isRecord(schema)) return true;
  const types = typesOf(schema);
  if (Array.isArray(schema['enum']) && schema['enum'].includes(null)) return true;
  return types.length === 0 || types.includes('null');
}

/** The JSON types that the schema names, those of its alternatives included; empty when it does not say. */
export function typesOf(schema: Readonly<Record<string, unknown>>): readonly string[] {
  const { type } = schema;
  if (typeof type === 'string') return [type];
  if (Array.isArray(type)) return type.filter((name) => typeof name === 'string');
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(alternatives)) return [];
  const named = alternatives.map((alternative) => (isRecord(alternative) ? typesOf(alternative) : []));
  return named.some((names) => names.length === 0) ? [] : [...new Set(named.flat())];
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

/** The value as `type`, or undefined when that takes guessing. */
function convert(value: unknown, type: string, schema: Readonly<Record<string, unknown>>): unknown {
  switch (type) {
    case 'string':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
    case 'number':
    case 'integer': {
      if (typeof value !== 'string' || !/^\s*-?\d{1,15}(?:\.\d{1,15})?\s*$/.test(value)) return undefined;
      const number = Number(value);
      return type === 'integer' && !Number.isInteger(number) ? undefined : number;
    }
    case 'boolean':
      if (typeof value !== 'string') return undefined;
      return { true: true, false: false }[value.trim().toLowerCase()];
    case 'object':
    case 'array': {
      if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
        const parsed = tryParseJson(value);
        return parsed !== undefined && isOfType(parsed, type) ? inside(parsed, schema) : undefined;
      }
      if (type === 'object' || value === null || typeof value === 'object') return undefined;
      return [coerce(value, schema['items'])];
    }
    default:
      return undefined;
  }
}

function inside(value: unknown, schema: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isRecord(items) ? value.map((item) => coerce(item, items)) : value;
  }
  const { properties } = schema;
  if (!isRecord(value) || !isRecord(properties)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      Object.hasOwn(properties, key) ? coerce(item, properties[key]) : item,
    ]),
  );
}
