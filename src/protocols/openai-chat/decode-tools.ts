import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { CustomTool, FunctionTool, Tool, ToolChoice } from '../../core/turn.ts';
import {
  type ChatRequestBody,
  functionCallSchema,
  functionSchema,
  type ToolReference,
  toolChoiceSchema,
  toolSchema,
} from './schema.ts';

export interface DecodedTools {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** The client knows only `functions` and `function_call`, and has to be answered in the same words. */
  readonly legacyFunctions: boolean;
  /** Tools that OpenAI would run itself and that nobody runs here. */
  readonly ignored: readonly string[];
}

/** What a request says of tools. Throws `invalid-request`. */
export function decodeTools(body: ChatRequestBody): DecodedTools {
  const ignored: string[] = [];
  const tools: Tool[] = [];
  for (const [index, tool] of (body.tools ?? []).entries()) {
    const decoded = decodeTool(tool, `tools[${index}]`);
    if (typeof decoded === 'string') ignored.push(`tools[${index}] (${decoded})`);
    else tools.push(decoded);
  }
  const legacyFunctions = tools.length === 0 && (body.functions ?? []).length > 0;
  for (const [index, tool] of (body.functions ?? []).entries()) {
    tools.push(decodeFunction(parseWith(functionSchema, tool, `functions[${index}]`)));
  }
  return { ...chooseTools(body, tools), legacyFunctions, ignored };
}

/** The tool, or the name of a type that is none of ours. */
function decodeTool(value: unknown, at: string): Tool | string {
  const tool = parseWith(toolSchema, value, at);
  if (tool.function) return decodeFunction(tool.function);
  if (tool.custom) return decodeCustom(tool.custom);
  if (tool.type && tool.type !== 'function' && tool.type !== 'custom') return tool.type.slice(0, 64);
  const field = tool.type ?? 'function';
  throw new ProxyError('invalid-request', `${at} has no ${field}.`, { param: `${at}.${field}` });
}

function decodeFunction(tool: ReturnType<typeof functionSchema.parse>): FunctionTool {
  return {
    kind: 'function',
    name: tool.name,
    description: tool.description ?? '',
    inputSchema: tool.parameters ?? { type: 'object', properties: {} },
    ...(tool.strict ? { strict: true } : {}),
  };
}

function decodeCustom(tool: NonNullable<ReturnType<typeof toolSchema.parse>['custom']>): CustomTool {
  const grammar = tool.format?.grammar;
  return {
    kind: 'custom',
    name: tool.name,
    description: tool.description ?? '',
    ...(grammar ? { format: { syntax: grammar.syntax, definition: grammar.definition } } : {}),
  };
}

interface Choice {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
}

function chooseTools(body: ChatRequestBody, tools: readonly Tool[]): Choice {
  if (body.tool_choice === undefined || body.tool_choice === null) {
    return { tools, toolChoice: decodeFunctionCall(body.function_call, tools) };
  }
  const choice = parseWith(toolChoiceSchema, body.tool_choice, 'tool_choice');
  if (choice === 'required') return { tools, toolChoice: required(tools) };
  if (typeof choice === 'string') return { tools, toolChoice: { type: choice } };
  if (choice.allowed_tools) return allowTools(choice.allowed_tools, tools);
  return { tools, toolChoice: { type: 'tool', name: declaredName(choice, tools, 'tool_choice') } };
}

function allowTools(
  allowed: { readonly mode?: string | null | undefined; readonly tools: readonly ToolReference[] },
  tools: readonly Tool[],
): Choice {
  const names = new Set(
    allowed.tools.map((tool, index) =>
      declaredName(tool, tools, `tool_choice.allowed_tools.tools[${index}]`),
    ),
  );
  const left = tools.filter((tool) => names.has(tool.name));
  return { tools: left, toolChoice: allowed.mode === 'required' ? required(left) : { type: 'auto' } };
}

function decodeFunctionCall(value: unknown, tools: readonly Tool[]): ToolChoice {
  if (value === undefined || value === null) return { type: 'auto' };
  const choice = parseWith(functionCallSchema, value, 'function_call');
  if (typeof choice === 'string') return { type: choice };
  return { type: 'tool', name: declaredName(choice, tools, 'function_call') };
}

function required(tools: readonly Tool[]): ToolChoice {
  if (tools.length > 0) return { type: 'required' };
  throw new ProxyError(
    'invalid-request',
    'tool_choice requires a tool call, but the request offers no tool that can be called.',
    { param: 'tool_choice' },
  );
}

function declaredName(reference: ToolReference, tools: readonly Tool[], at: string): string {
  const name = reference.function?.name ?? reference.custom?.name ?? reference.name;
  if (typeof name === 'string' && tools.some((tool) => tool.name === name)) return name;
  throw new ProxyError(
    'invalid-request',
    typeof name === 'string'
      ? `${at} names the tool "${name.slice(0, 64)}", which the request does not offer.`
      : `${at} names no tool.`,
    { param: at },
  );
}
