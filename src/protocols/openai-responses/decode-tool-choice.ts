import { ProxyError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { Tool, ToolChoice } from '../../core/turn.ts';
import { toolChoiceSchema } from './schema.ts';
import type { ToolList } from './tool-list.ts';

const param = 'tool_choice';

export interface DecodedToolChoice {
  readonly toolChoice: ToolChoice;
  /** The tools that the model may call: all, or those that `allowed_tools` names. */
  readonly tools: readonly Tool[];
}

/** Throws `unsupported-feature` when a hosted tool is forced, `invalid-request` for a tool that is not declared. */
export function decodeToolChoice(value: unknown, list: ToolList): DecodedToolChoice {
  if (value === undefined || value === null) return { toolChoice: { type: 'auto' }, tools: list.tools };
  const choice = parseWith(toolChoiceSchema, value, param);
  if (typeof choice === 'string') return decodeMode(choice, list.tools, list);
  if (choice.type === 'allowed_tools') {
    const allowed = (choice.tools ?? []).flatMap((entry) => {
      const named = parseWith(toolChoiceSchema, entry, `${param}.tools`);
      return typeof named === 'string' ? [] : findTools(list.tools, named.type, named.name, named.namespace);
    });
    const tools = list.tools.filter((tool) => allowed.includes(tool));
    return decodeMode(choice.mode ?? 'auto', tools, list);
  }
  const [tool] = findTools(list.tools, choice.type, choice.name, choice.namespace);
  if (tool !== undefined) {
    const { name, namespace } = tool;
    return {
      toolChoice: { type: 'tool', name, ...(namespace === undefined ? {} : { namespace }) },
      tools: list.tools,
    };
  }
  if (choice.type === 'function' || choice.type === 'custom') {
    throw new ProxyError(
      'invalid-request',
      `${param} names the tool "${choice.name ?? ''}", which is not among the tools of this request.`,
      { param },
    );
  }
  throw hostedToolForced(choice.type);
}

function decodeMode(mode: string, tools: readonly Tool[], list: ToolList): DecodedToolChoice {
  switch (mode) {
    case 'auto':
    case 'none':
      return { toolChoice: { type: mode }, tools };
    case 'required': {
      const [hosted] = list.hosted;
      if (tools.length === 0 && hosted !== undefined) throw hostedToolForced(hosted);
      if (tools.length === 0) {
        throw new ProxyError('invalid-request', `${param} requires a call, but there are no tools.`, {
          param,
        });
      }
      return { toolChoice: { type: 'required' }, tools };
    }
    default:
      throw new ProxyError('invalid-request', `${param} has to be "auto", "none", "required" or an object.`, {
        param,
      });
  }
}

/** By name, and by namespace when one is given; the types of client-run tools are their names. */
function findTools(
  tools: readonly Tool[],
  type: string,
  name: string | null | undefined,
  namespace: string | null | undefined,
): Tool[] {
  if (type === 'namespace')
    return tools.filter((tool) => tool.namespace !== undefined && tool.namespace === name);
  const isNamed = type === 'function' || type === 'custom';
  const matches = tools.filter((tool) => tool.name === (isNamed ? name : type));
  if (namespace) return matches.filter((tool) => tool.namespace === namespace);
  const plain = matches.filter((tool) => tool.namespace === undefined);
  return plain.length > 0 ? plain : matches;
}

function hostedToolForced(type: string): ProxyError {
  return new ProxyError(
    'unsupported-feature',
    `${param} demands "${type}", a tool that OpenAI runs and Lingma does not have. Leave it out, or offer a function tool instead.`,
    { param },
  );
}
