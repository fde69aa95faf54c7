import { isRecord, type JsonRecord } from '../../core/json.ts';
import type { JsonSchema } from '../../core/turn.ts';

const deepest = 64;
/** Comparisons after which the rest is taken on trust: alternatives that refer to each other multiply without bound. */
const mostChecks = 50_000;

/**
 * Where a JSON value differs in structure from a schema, in words, or undefined when it does not. Looks at types, required and
 * forbidden members, items, choices and alternatives; numbers' ranges, lengths and patterns are left to the client.
 */
export function findMismatch(value: unknown, schema: JsonSchema): string | undefined {
  return check(value, schema, { root: schema, at: 'the value', depth: 0, spent: { checks: 0 } });
}

interface Place {
  readonly root: JsonSchema;
  readonly at: string;
  readonly depth: number;
  readonly spent: { checks: number };
}

function check(value: unknown, schema: unknown, place: Place): string | undefined {
  if (schema === false) return `${place.at} is not allowed`;
  if (!isRecord(schema) || place.depth > deepest || ++place.spent.checks > mostChecks) return undefined;
  return (
    checkReference(value, schema, place) ??
    checkChoices(value, schema, place) ??
    checkAlternatives(value, schema, place) ??
    checkType(value, schema, place) ??
    checkMembers(value, schema, place) ??
    checkItems(value, schema, place)
  );
}

function below(place: Place, step: string): Place {
  const at = place.at === 'the value' ? step.replace(/^\./, '') : place.at + step;
  return { ...place, at, depth: place.depth + 1 };
}

function checkReference(value: unknown, schema: JsonRecord, place: Place): string | undefined {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined;
  let target: unknown = place.root;
  for (const part of reference.slice(1).split('/').slice(1))
    target = isRecord(target) ? target[part] : undefined;
  return check(value, target, { ...place, depth: place.depth + 1 });
}

function checkChoices(value: unknown, schema: JsonRecord, { at }: Place): string | undefined {
  const choices = 'const' in schema ? [schema['const']] : schema['enum'];
  if (!Array.isArray(choices)) return undefined;
  const written = JSON.stringify(value);
  if (choices.some((choice) => JSON.stringify(choice) === written)) return undefined;
  return `${at} must be ${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`;
}

function checkAlternatives(value: unknown, schema: JsonRecord, place: Place): string | undefined {
  if (Array.isArray(schema['allOf'])) {
    for (const part of schema['allOf']) {
      const problem = check(value, part, { ...place, depth: place.depth + 1 });
      if (problem !== undefined) return problem;
    }
  }
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (!Array.isArray(alternatives) || alternatives.length === 0) return undefined;
  const problems = alternatives.map((part) => check(value, part, { ...place, depth: place.depth + 1 }));
  return problems.includes(undefined)
    ? undefined
    : `${place.at} fits none of its alternatives (${problems[0]})`;
}

function checkType(value: unknown, schema: JsonRecord, { at }: Place): string | undefined {
  const { type } = schema;
  const types = typeof type === 'string' ? [type] : Array.isArray(type) ? type : [];
  if (types.length === 0) return undefined;
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const fits = types.some((name) => name === actual || (name === 'integer' && Number.isInteger(value)));
  return fits ? undefined : `${at} must be of type ${types.join(' or ')}, not ${actual}`;
}

function checkMembers(value: unknown, schema: JsonRecord, place: Place): string | undefined {
  if (!isRecord(value)) return undefined;
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const missing = required.find((name) => typeof name === 'string' && !Object.hasOwn(value, name));
  if (missing !== undefined) return `${place.at} lacks "${missing}"`;
  for (const [name, member] of Object.entries(value)) {
    const declared = Object.hasOwn(properties, name);
    if (!declared && isRecord(schema['patternProperties'])) continue;
    const problem = check(
      member,
      declared ? properties[name] : schema['additionalProperties'],
      below(place, `.${name}`),
    );
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function checkItems(value: unknown, schema: JsonRecord, place: Place): string | undefined {
  if (!Array.isArray(value) || !isRecord(schema['items'])) return undefined;
  for (const [index, item] of value.entries()) {
    const problem = check(item, schema['items'], below(place, `[${index}]`));
    if (problem !== undefined) return problem;
  }
  return undefined;
}
