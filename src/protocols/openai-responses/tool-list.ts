import { parseWith } from '../../core/parse.ts';
import type { CustomTool, FunctionTool, Tool } from '../../core/turn.ts';
import { type CallKind, callKindKey } from './call-kinds.ts';
import { clientFunctionTool, clientToolKind } from './client-tools.ts';
import type { Ignore } from './decode-content.ts';
import { type ToolDefinition, toolSchema } from './schema.ts';

/**
 * The tools of a request, from wherever it names them (`tools`, `additional_tools` items, what a tool search found), each
 * once. Hosted tools, which Lingma does not have, are named as ignored and remembered by type.
 */
export class ToolList {
  readonly #tools: Tool[] = [];
  readonly #keys = new Set<string>();
  readonly #kinds = new Map<string, CallKind>();
  readonly #hosted = new Set<string>();
  readonly #ignore: Ignore;

  constructor(ignore: Ignore) {
    this.#ignore = ignore;
  }

  get tools(): readonly Tool[] {
    return this.#tools;
  }

  get callKinds(): ReadonlyMap<string, CallKind> {
    return this.#kinds;
  }

  /** The `type`s of the tools that were left out. */
  get hosted(): ReadonlySet<string> {
    return this.#hosted;
  }

  /** Adds definitions as the client wrote them; `at` is where. Returns the names that can be called. */
  add(definitions: readonly unknown[], at: string): string[] {
    return definitions.flatMap((definition, index) => {
      const definitionAt = `${at}[${index}]`;
      return this.#addOne(parseWith(toolSchema, definition, definitionAt), definitionAt);
    });
  }

  #addOne(definition: ToolDefinition, at: string): string[] {
    if (definition.type === 'namespace') return this.#addNamespace(definition, at);
    const tool = decodeTool(definition);
    if (tool !== undefined) return this.#push(tool, tool.kind, at);
    const clientKind = clientToolKind(definition);
    if (clientKind !== undefined) {
      return this.#push(clientFunctionTool(clientKind, definition), clientKind, at);
    }
    this.#hosted.add(definition.type ?? '');
    this.#ignore(`${at} (${definition.type ?? 'no type'})`);
    return [];
  }

  #addNamespace(definition: ToolDefinition, at: string): string[] {
    const namespace = definition.name ?? '';
    return (definition.tools ?? []).flatMap((nested, index) => {
      const nestedAt = `${at}.tools[${index}]`;
      const tool = decodeTool(parseWith(toolSchema, nested, nestedAt));
      if (tool === undefined) {
        this.#ignore(nestedAt);
        return [];
      }
      // A turn has no place for what is said of the group, so its first tool says it.
      const about = index === 0 && definition.description ? `${definition.description}\n\n` : '';
      return this.#push(
        { ...tool, ...(namespace === '' ? {} : { namespace }), description: about + tool.description },
        tool.kind,
        nestedAt,
      );
    });
  }

  #push(tool: Tool, kind: CallKind, at: string): string[] {
    const key = callKindKey(tool.name, tool.namespace);
    if (this.#keys.has(key)) this.#ignore(`${at} (declared before)`);
    else {
      this.#keys.add(key);
      this.#tools.push(tool);
      if (kind !== 'function') this.#kinds.set(key, kind);
    }
    return [tool.name];
  }
}

/** A function or custom tool; undefined for every other type. */
function decodeTool(definition: ToolDefinition): FunctionTool | CustomTool | undefined {
  const { name, description, parameters, strict } = definition.function ?? definition;
  if (!name) return undefined;
  switch (definition.type ?? 'function') {
    case 'function':
      return {
        kind: 'function',
        name,
        description: description ?? '',
        inputSchema: parameters ?? { type: 'object', properties: {} },
        ...(typeof strict === 'boolean' ? { strict } : {}),
      };
    case 'custom': {
      const { syntax, definition: grammar } = definition.format ?? {};
      return {
        kind: 'custom',
        name,
        description: description ?? '',
        ...(syntax && grammar ? { format: { syntax, definition: grammar } } : {}),
      };
    }
    default:
      return undefined;
  }
}
