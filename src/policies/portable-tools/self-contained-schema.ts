import { isRecord, type JsonRecord } from '../../core/json.ts';
import type { JsonSchema } from '../../core/turn.ts';

/** Times that one definition may stand inside itself. */
const deepestRecursion = 2;
/** Nodes of a flattened schema; definitions that use each other can multiply without bound. */
const mostNodes = 5_000;

/**
 * A tool's schema as an object schema without references, for an upstream that reads nothing but plain ones. The very same
 * object when it is one already. Recursive definitions are unrolled a few levels and then only named by their type.
 */
export function selfContainedSchema(schema: unknown): JsonSchema {
  if (!isRecord(schema)) return { type: 'object', properties: {} };
  if (isPlainObjectSchema(schema)) return schema;
  const flattened = new Flattening(schema).flatten();
  const flat = isRecord(flattened) ? flattened : {};
  return { ...flat, type: 'object', properties: isRecord(flat['properties']) ? flat['properties'] : {} };
}

function isPlainObjectSchema(schema: JsonRecord): boolean {
  return schema['type'] === 'object' && isRecord(schema['properties']) && !usesReferences(schema);
}

/** Walks with a stack of its own, since a client decides how deep its schema is. */
function usesReferences(schema: JsonRecord): boolean {
  const open: unknown[] = [schema];
  while (open.length > 0) {
    const node = open.pop();
    if (Array.isArray(node)) {
      for (const item of node) open.push(item);
    } else if (isRecord(node)) {
      if (typeof node['$ref'] === 'string' || isRecord(node['$defs'])) return true;
      for (const key in node) open.push(node[key]);
    }
  }
  return false;
}

class Flattening {
  readonly #root: JsonRecord;
  readonly #path = new Map<string, number>();
  #nodes = 0;

  constructor(root: JsonRecord) {
    this.#root = root;
  }

  flatten(): unknown {
    return this.#node(this.#root, true);
  }

  /** `isSchema` is false for maps whose keys are the client's names, such as `properties`. */
  #node(node: unknown, isSchema: boolean): unknown {
    if (Array.isArray(node)) return node.map((item) => this.#node(item, isSchema));
    if (!isRecord(node)) return node;
    if (++this.#nodes > mostNodes) return isSchema ? stub(node) : {};
    const reference = node['$ref'];
    if (isSchema && typeof reference === 'string') return this.#reference(reference, node);
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(node)) {
      if (isSchema && (key === '$defs' || key === 'definitions' || key === '$schema' || key === '$id'))
        continue;
      entries.push([key, isSchema ? this.#keyword(key, value) : this.#node(value, true)]);
    }
    return Object.fromEntries(entries);
  }

  #keyword(key: string, value: unknown): unknown {
    switch (key) {
      case 'properties':
      case 'patternProperties':
      case 'dependentSchemas':
        return this.#node(value, false);
      case 'enum':
      case 'const':
      case 'default':
      case 'example':
      case 'examples':
      case 'required':
        return value;
      default:
        return this.#node(value, true);
    }
  }

  #reference(reference: string, node: JsonRecord): unknown {
    const { $ref: _, ...beside } = node;
    const target = this.#find(reference);
    const times = this.#path.get(reference) ?? 0;
    if (!isRecord(target)) return this.#node(beside, true);
    if (times >= deepestRecursion) return { ...stub(target), ...stub(beside) };
    this.#path.set(reference, times + 1);
    const inlined = this.#node(target, true);
    this.#path.set(reference, times);
    const extra = this.#node(beside, true);
    return { ...(isRecord(inlined) ? inlined : {}), ...(isRecord(extra) ? extra : {}) };
  }

  /** What a local JSON pointer names; undefined for a foreign or dangling reference. */
  #find(reference: string): unknown {
    if (!reference.startsWith('#')) return undefined;
    let found: unknown = this.#root;
    for (const part of reference.slice(1).split('/').slice(1)) {
      const key = decodeKey(part);
      if (Array.isArray(found)) found = found[Number(key)];
      else if (isRecord(found) && Object.hasOwn(found, key)) found = found[key];
      else return undefined;
    }
    return found;
  }
}

function decodeKey(part: string): string {
  const pointer = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(pointer);
  } catch {
    return pointer;
  }
}

/** A schema reduced to what it says about itself. */
function stub(schema: JsonRecord): JsonRecord {
  const { type, description } = schema;
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
  };
}
