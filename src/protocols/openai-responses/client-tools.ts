import * as z from 'zod';
import type { FunctionTool, JsonSchema } from '../../core/turn.ts';
import type { CallKind } from './call-kinds.ts';
import type { ToolDefinition } from './schema.ts';

/**
 * Tools that OpenAI defines but the client runs: the model gets a function of the same name, and its calls are written as
 * the item type that the client expects.
 */
export type ClientToolKind = Exclude<CallKind, 'function' | 'custom'>;

interface ClientTool {
  readonly description: string;
  readonly parameters: JsonSchema;
  /** The fields of the call's item beyond `type`, `id`, `call_id` and `status`; undefined when the input does not fit. */
  encodeCall(input: unknown): Record<string, unknown> | undefined;
  /** What the model wrote, from an item in a history; undefined when the item does not fit. */
  decodeCall(item: unknown): unknown;
}

const stringList = { type: 'array', items: { type: 'string' } };

const localShellAction = z.object({
  command: z.array(z.string()),
  working_directory: z.string().nullish(),
  timeout_ms: z.number().nullish(),
  env: z.record(z.string(), z.string()).nullish(),
  user: z.string().nullish(),
});
const shellAction = z.object({
  commands: z.array(z.string()),
  timeout_ms: z.number().nullish(),
  max_output_length: z.number().nullish(),
});
const patchOperation = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['create_file', 'update_file']), path: z.string(), diff: z.string() }),
  z.object({ type: z.literal('delete_file'), path: z.string() }),
]);

const clientTools: Readonly<Record<ClientToolKind, ClientTool>> = {
  tool_search: {
    description: 'Searches for more tools. What it finds can be called in the next step.',
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
    encodeCall: (input) => ({ execution: 'client', arguments: input }),
    decodeCall: (item) => z.object({ arguments: z.unknown().optional() }).safeParse(item).data?.arguments,
  },
  local_shell: {
    description: "Runs a command on the user's computer and returns its output.",
    parameters: {
      type: 'object',
      properties: {
        command: { ...stringList, description: 'The program and its arguments.' },
        working_directory: { type: 'string' },
        timeout_ms: { type: 'integer' },
        env: { type: 'object', additionalProperties: { type: 'string' } },
      },
      required: ['command'],
    },
    encodeCall(input) {
      const action = localShellAction.safeParse(input).data;
      return action && { action: { ...action, type: 'exec', env: action.env ?? {} } };
    },
    decodeCall: (item) => z.object({ action: localShellAction }).safeParse(item).data?.action,
  },
  shell: {
    description: "Runs commands in a shell on the user's computer and returns their output.",
    parameters: {
      type: 'object',
      properties: {
        commands: { ...stringList, description: 'Shell command lines.' },
        timeout_ms: { type: 'integer' },
        max_output_length: { type: 'integer', description: 'Characters.' },
      },
      required: ['commands'],
    },
    encodeCall(input) {
      const action = shellAction.safeParse(input).data;
      return (
        action && {
          action: { timeout_ms: null, max_output_length: null, ...action },
          environment: { type: 'local' },
        }
      );
    },
    decodeCall: (item) => z.object({ action: shellAction }).safeParse(item).data?.action,
  },
  apply_patch: {
    description:
      'Creates, updates or deletes one file. The diff is in the V4A format: lines that begin with a space (context), + or -, in hunks that begin with @@.',
    parameters: {
      type: 'object',
      properties: {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: { type: 'string' },
        diff: { type: 'string', description: 'Not for delete_file.' },
      },
      required: ['type', 'path'],
    },
    encodeCall(input) {
      const operation = patchOperation.safeParse(input).data;
      return operation && { operation };
    },
    decodeCall: (item) => z.object({ operation: patchOperation }).safeParse(item).data?.operation,
  },
};

/** The kind of a tool that the client itself runs; undefined when the service would have to run it, or it is none of these. */
export function clientToolKind(tool: ToolDefinition): ClientToolKind | undefined {
  switch (tool.type) {
    case 'tool_search':
      return tool.execution === 'client' ? 'tool_search' : undefined;
    case 'shell':
      return isLocal(tool.environment) ? 'shell' : undefined;
    case 'local_shell':
    case 'apply_patch':
      return tool.type;
    default:
      return undefined;
  }
}

function isLocal(environment: unknown): boolean {
  return z.object({ type: z.literal('local') }).safeParse(environment).success;
}

/** The function that stands in for such a tool. */
export function clientFunctionTool(kind: ClientToolKind, tool: ToolDefinition): FunctionTool {
  return {
    kind: 'function',
    name: kind,
    description: tool.description ?? clientTools[kind].description,
    inputSchema: tool.parameters ?? clientTools[kind].parameters,
  };
}

/** The item fields of a call that the model wrote as JSON text; undefined when its input does not fit the item. */
export function encodeClientCall(kind: ClientToolKind, input: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(input === '' ? '{}' : input);
    return clientTools[kind].encodeCall(parsed);
  } catch {
    return undefined;
  }
}

const kindsByItemType: ReadonlyMap<string, ClientToolKind> = new Map([
  ['tool_search_call', 'tool_search'],
  ['local_shell_call', 'local_shell'],
  ['shell_call', 'shell'],
  ['apply_patch_call', 'apply_patch'],
]);

/** The call in a history's item as a function call; undefined when it is no such item. */
export function decodeClientCall(
  itemType: string,
  item: unknown,
): { readonly name: ClientToolKind; readonly input: string } | undefined {
  const kind = kindsByItemType.get(itemType);
  const input = kind && clientTools[kind].decodeCall(item);
  return kind === undefined || input === undefined ? undefined : { name: kind, input: JSON.stringify(input) };
}
