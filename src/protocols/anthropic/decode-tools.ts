import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { FunctionTool, Tool, ToolChoice } from '../../core/turn.ts';
import { decodeClientTool } from './client-tools.ts';
import type { DecodeContext } from './decode-context.ts';
import { type RequestBody, type ToolBody, toolSchema } from './schema.ts';

export interface DecodedTools {
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

/**
 * The `tools` and `tool_choice` fields, after the changes that the conversation made to them (so decode it first). Tools that
 * Anthropic's servers would run are left out and noted; a request that demands one, or offers nothing else, is refused. Deferred tools are all
 * offered: who defers them only wants to save tokens.
 */
export function decodeTools(body: RequestBody, context: DecodeContext): DecodedTools {
  const offered = new Map<string, FunctionTool>();
  const hosted = new Map<string, string>();
  const offer = (value: unknown, at: string) => {
    const body = parseWith(toolSchema, value, at);
    const tool = decodeTool(body, at);
    if (body.input_examples) context.ignore('tools[].input_examples');
    if (tool) offered.set(tool.name, tool);
    else {
      const type = body.type ?? 'custom';
      hosted.set(body.name ?? type, type);
      context.ignore(`tools[].type=${type}`);
    }
  };
  for (const [index, value] of (body.tools ?? []).entries()) offer(value, `tools[${index}]`);

  const removed = new Set<string>();
  for (const change of context.toolChanges) {
    if (change.type === 'add') offer(change.definition, 'messages[].content[].tool.definition');
    else if (change.type === 'remove') removed.add(change.name);
    else removed.delete(change.name);
  }
  const tools = [...offered.values()].filter((tool) => !removed.has(tool.name));

  const parallel = body.tool_choice?.disable_parallel_tool_use;
  return {
    tools,
    toolChoice: decodeToolChoice(body.tool_choice, tools, hosted, context),
    ...(typeof parallel === 'boolean' ? { parallelToolCalls: !parallel } : {}),
  };
}

/** A tool that the client runs, or undefined for one that only Anthropic's servers could. */
function decodeTool(body: ToolBody, at: string): FunctionTool | undefined {
  const { type, name, description, input_schema, strict } = body;
  const known = decodeClientTool(body);
  if (known) return known;
  if (type && type !== 'custom' && !input_schema) return undefined;
  if (!name) {
    throw new ProxyError('invalid-request', `${at}.name is missing. Give each tool a name.`, {
      param: `${at}.name`,
    });
  }
  return {
    kind: 'function',
    name,
    description: description ?? '',
    inputSchema: input_schema ?? { type: 'object', properties: {} },
    ...(typeof strict === 'boolean' ? { strict } : {}),
  };
}

function decodeToolChoice(
  choice: RequestBody['tool_choice'],
  tools: readonly Tool[],
  hosted: ReadonlyMap<string, string>,
  context: DecodeContext,
): ToolChoice {
  // Such a request is about these tools, whatever its choice: Claude Code's web search says `auto` for some models, and
  // would take what a model makes up for a result.
  if (tools.length === 0 && hosted.size > 0 && choice?.type !== 'none') {
    refuseHosted([...hosted.values()].join(', '), context);
    return { type: 'auto' };
  }
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return { type: 'auto' };
    case 'none':
      return { type: 'none' };
    case 'any':
      if (tools.length > 0) return { type: 'required' };
      throw invalidChoice('tool_choice "any" needs at least one tool in tools.');
    case 'tool': {
      const { name } = choice;
      if (!name) throw invalidChoice('tool_choice of type "tool" needs the name of a tool.');
      if (tools.some((tool) => tool.name === name)) return { type: 'tool', name };
      const type = hosted.get(name);
      if (type === undefined)
        throw invalidChoice(`tool_choice names the tool "${name}", which is not in tools.`);
      refuseHosted(type, context);
      return { type: 'auto' };
    }
    default:
      throw invalidChoice(`tool_choice.type "${choice?.type}" is not one of auto, any, tool, none.`);
  }
}

function refuseHosted(type: string, context: DecodeContext): void {
  context.refuse(
    'tools',
    `${type} is not available: it runs on Anthropic's servers, and Lingma has nothing like it. Go on without it, or use a tool that runs on this computer, such as one of an MCP server.`,
  );
}

function invalidChoice(message: string): ProxyError {
  return new ProxyError('invalid-request', message, { param: 'tool_choice' });
}
