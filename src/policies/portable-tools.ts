import { type Backend, type Policy, withRun } from '../core/backend.ts';
import type { TurnEvent } from '../core/events.ts';
import type { CustomTool, FunctionTool, Message, Tool, ToolCall, ToolChoice, Turn } from '../core/turn.ts';
import { CustomInputDecoder, customInputKey } from './portable-tools/custom-input.ts';
import { selfContainedSchema } from './portable-tools/self-contained-schema.ts';
import { isPortable, qualified, ToolNames } from './portable-tools/tool-names.ts';

/**
 * Reduces tools to what every upstream takes: functions with names of at most 64 letters, digits, `_` and `-`, and schemas
 * without references. Namespaces become part of the name, custom tools functions with one text parameter; calls come back
 * under the client's own names and in its own form. A turn that needs none of this goes straight through.
 */
export function portableTools(): Policy {
  return (inner) => withRun(inner, (turn, context) => runPortable(inner, turn, context));
}

function runPortable(
  inner: Backend,
  turn: Turn,
  context: Parameters<Backend['run']>[1],
): AsyncIterable<TurnEvent> {
  const portable = makePortable(turn);
  return portable === undefined
    ? inner.run(turn, context)
    : restoreCalls(inner.run(portable.turn, context), portable);
}

interface PortableTurn {
  readonly turn: Turn;
  readonly names: ToolNames;
  /** Qualified names of custom tools. */
  readonly custom: ReadonlySet<string>;
}

/** The turn in portable form, or undefined when it is so already. */
function makePortable(turn: Turn): PortableTurn | undefined {
  const tools = turn.tools.map((tool) => (tool.kind === 'function' ? plainFunction(tool) : tool));
  const changed =
    tools.some((tool, index) => tool !== turn.tools[index] || tool.kind === 'custom' || !isPortable(tool)) ||
    new Set(tools.map(({ name }) => name)).size < tools.length ||
    turn.messages.some(hasForeignCall);
  if (!changed) return undefined;

  const names = new ToolNames(tools);
  const custom = new Set(tools.filter(({ kind }) => kind === 'custom').map(qualified));
  const declared = new Map<string, FunctionTool>();
  for (const tool of tools) {
    const name = names.toPortable(tool);
    if (!declared.has(name)) declared.set(name, toFunction(tool, name));
  }
  return {
    names,
    custom,
    turn: {
      ...turn,
      tools: [...declared.values()],
      toolChoice: portableChoice(turn.toolChoice, names),
      messages: turn.messages.map((message) => portableMessage(message, names, custom)),
    },
  };
}

/** The same object when there is nothing to change. */
function plainFunction(tool: FunctionTool): FunctionTool {
  const inputSchema = selfContainedSchema(tool.inputSchema);
  if (inputSchema === tool.inputSchema && tool.strict !== true) return tool;
  const { strict: _, ...plain } = tool;
  return { ...plain, inputSchema };
}

function hasForeignCall(message: Message): boolean {
  return (
    message.role === 'assistant' &&
    message.content.some((part) => part.type === 'tool-call' && !isPortable(part))
  );
}

function toFunction(tool: Tool, name: string): FunctionTool {
  if (tool.kind === 'function') {
    const { namespace: _, ...plain } = tool;
    return { ...plain, name };
  }
  return {
    kind: 'function',
    name,
    description: describeCustom(tool),
    inputSchema: {
      type: 'object',
      properties: { [customInputKey]: { type: 'string', description: 'The whole input, as free text.' } },
      required: [customInputKey],
      additionalProperties: false,
    },
  };
}

function describeCustom(tool: CustomTool): string {
  const form = `The input is free text, given whole as the string "${customInputKey}".`;
  const grammar = tool.format
    ? `\nThe text must follow this ${tool.format.syntax} grammar:\n${tool.format.definition}`
    : '';
  return `${tool.description}${tool.description === '' ? '' : '\n\n'}${form}${grammar}`;
}

function portableChoice(choice: ToolChoice, names: ToolNames): ToolChoice {
  return choice.type === 'tool' ? { type: 'tool', name: names.toPortable(choice) } : choice;
}

function portableMessage(message: Message, names: ToolNames, custom: ReadonlySet<string>): Message {
  if (message.role !== 'assistant' || !message.content.some(({ type }) => type === 'tool-call'))
    return message;
  return {
    role: 'assistant',
    content: message.content.map((part) =>
      part.type === 'tool-call' ? portableCall(part, names, custom) : part,
    ),
  };
}

function portableCall(call: ToolCall, names: ToolNames, custom: ReadonlySet<string>): ToolCall {
  return {
    type: 'tool-call',
    id: call.id,
    name: names.toPortable(call),
    input: custom.has(qualified(call)) ? JSON.stringify({ [customInputKey]: call.input }) : call.input,
  };
}

async function* restoreCalls(
  events: AsyncIterable<TurnEvent>,
  { names, custom }: PortableTurn,
): AsyncGenerator<TurnEvent> {
  const decoders = new Map<string, CustomInputDecoder>();
  for await (const event of events) {
    if (event.type === 'tool-call-start') {
      const original = names.toOriginal(event.name) ?? { name: event.name };
      const { name, namespace } = original;
      if (custom.has(qualified(original))) decoders.set(event.id, new CustomInputDecoder());
      yield {
        type: 'tool-call-start',
        id: event.id,
        name,
        ...(namespace === undefined ? {} : { namespace }),
      };
    } else if (event.type === 'tool-call-delta') {
      const decoder = decoders.get(event.id);
      const input = decoder ? decoder.push(event.input) : event.input;
      if (input !== '' || !decoder) yield { type: 'tool-call-delta', id: event.id, input };
    } else if (event.type === 'tool-call-end') {
      const rest = decoders.get(event.id)?.end() ?? '';
      decoders.delete(event.id);
      if (rest !== '') yield { type: 'tool-call-delta', id: event.id, input: rest };
      yield event;
    } else {
      yield event;
    }
  }
}
