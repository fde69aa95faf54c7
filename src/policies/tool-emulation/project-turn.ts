import type {
  AssistantContent,
  Image,
  Message,
  Text,
  ToolCall,
  ToolResult,
  Turn,
  UserContent,
} from '../../core/turn.ts';

/** Whether anything in the turn needs tools to be written as text. */
export function hasToolHistory(turn: Turn): boolean {
  return turn.messages.some(
    ({ role, content }) =>
      role !== 'system' && content.some((part) => part.type === 'tool-call' || part.type === 'tool-result'),
  );
}

/**
 * The turn for an upstream without tools: `contract` becomes an instruction, `reminder` ends the last user message, and
 * earlier calls and results become text in the form that the contract describes.
 */
export function projectTurn(turn: Turn, contract?: string, reminder?: string): Turn {
  const { parallelToolCalls: _, ...rest } = turn;
  const messages = projectMessages(turn.messages);
  if (reminder !== undefined) appendReminder(messages, reminder);
  return {
    ...rest,
    system: contract === undefined ? turn.system : [...turn.system, contract],
    messages,
    tools: [],
    toolChoice: { type: 'auto' },
  };
}

/** A call as the model is asked to write it. The id comes last, so that a model that imitates it names the tool first. */
function writeCall(call: ToolCall): string {
  const input = call.input.trim();
  const parameters = input.startsWith('{') ? input : input === '' ? '{}' : JSON.stringify(call.input);
  const name = JSON.stringify(call.name);
  return `\`\`\`json action\n{"tool": ${name}, "parameters": ${parameters}, "id": ${JSON.stringify(call.id)}}\n\`\`\``;
}

function projectMessages(messages: readonly Message[]): Message[] {
  const names = new Map<string, string>();
  let unanswered: ToolCall[] = [];
  return messages.map((message): Message => {
    switch (message.role) {
      case 'system':
        return message;
      case 'assistant': {
        const calls = message.content.filter((part) => part.type === 'tool-call');
        for (const call of calls) names.set(call.id, call.name);
        unanswered = calls;
        return calls.length === 0
          ? message
          : { role: 'assistant', content: message.content.map(projectPart) };
      }
      case 'user': {
        const missing = unanswered.filter((call) => !answers(message.content, call));
        unanswered = [];
        return projectResults(message.content, missing, names);
      }
      default:
        return message satisfies never;
    }
  });
}

function answers(content: readonly UserContent[], call: ToolCall): boolean {
  return content.some((part) => part.type === 'tool-result' && part.callId === call.id);
}

function projectPart(part: AssistantContent, index: number): AssistantContent {
  if (part.type !== 'tool-call') return part;
  return { type: 'text', text: `${index === 0 ? '' : '\n\n'}${writeCall(part)}` };
}

function projectResults(
  content: readonly UserContent[],
  missing: readonly ToolCall[],
  names: ReadonlyMap<string, string>,
): Message {
  const hasResults = content.some((part) => part.type === 'tool-result');
  if (!hasResults && missing.length === 0) return { role: 'user', content };
  const lost = missing.map((call): Text => {
    const frame = frameStart(call.id, call.name, 'missing');
    return { type: 'text', text: `${frame}\nNo result came back for this call.\n</tool_result>\n\n` };
  });
  const parts = content.flatMap((part): readonly (Text | Image)[] =>
    part.type === 'tool-result' ? frameResult(part, names.get(part.callId)) : [part],
  );
  return { role: 'user', content: [...lost, ...parts] };
}

/** A result as text that names its call; images stay images, announced in the text. */
function frameResult(result: ToolResult, name: string | undefined): readonly (Text | Image)[] {
  const images = result.content.filter((part) => part.type === 'image');
  const text = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  const lines = [frameStart(result.callId, name, result.isError === true ? 'error' : 'ok')];
  if (text !== '') lines.push(text);
  if (images.length > 0)
    lines.push(`(${images.length === 1 ? 'An image' : `${images.length} images`} attached)`);
  if (lines.length === 1) lines.push('(no output)');
  lines.push('</tool_result>');
  return [{ type: 'text', text: `${lines.join('\n')}\n\n` }, ...images];
}

function frameStart(id: string, name: string | undefined, status: 'ok' | 'error' | 'missing'): string {
  const tool = name === undefined ? '' : ` tool=${JSON.stringify(name)}`;
  return `<tool_result call=${JSON.stringify(id)}${tool} status="${status}">`;
}

function appendReminder(messages: Message[], reminder: string): void {
  const index = messages.findLastIndex(({ role }) => role === 'user');
  const message = messages[index];
  if (message?.role !== 'user') return;
  messages[index] = {
    role: 'user',
    content: [...message.content, { type: 'text', text: `\n\n${reminder}` }],
  };
}
