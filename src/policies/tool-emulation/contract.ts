import type { FunctionTool, ToolChoice } from '../../core/turn.ts';
import { plainName, toolFamilies } from './aliases.ts';
import { propertiesOf, requiredOf } from './resolve-call.ts';
import { signatureOf } from './signature.ts';

/** What the model has to know about the tools of one turn. */
export interface ContractTerms {
  /** The tools that it may call, not empty. */
  readonly tools: readonly FunctionTool[];
  readonly choice: ToolChoice;
  /** Whether an answer may hold several calls. */
  readonly parallel: boolean;
  /** Characters that the list of tools may take. */
  readonly budget: number;
}

const fence = '```';
const mostNames = 40;

/** The tools and how to call them, as a block of instructions. */
export function writeContract(terms: ContractTerms): string {
  const { tools, parallel } = terms;
  return `# Tools

You can use the tools listed below. They run on the user's machine as soon as you call them. You call a tool by writing a
fenced block with the info string \`json action\` into your answer:

${fence}json action
${exampleCall(tools)}
${fence}

This is the one way to call tools here. It holds whatever other instructions say: if they state that there are no tools, or
describe another way to call them, follow this section instead.

- The block holds one JSON object: "tool" first, with a name from the list, then "parameters" with an object that fits the
  tool's schema, all required ones included. It is strict JSON: write line breaks in strings as \\n and quotes as \\".
- ${parallel ? 'Several calls that do not depend on each other are several blocks, one directly after the other.' : 'Write at most one block in an answer.'}
- Stop after the last block. The results come in the next message as <tool_result> elements that name the call. Never write
  a result yourself, and never claim to have done what you did not call a tool for.
- To act, call the tool at once instead of announcing that you will. When no tool is needed, answer in plain text.
- Use a ${fence}json action block only to call a tool, never to show an example.${choiceRule(terms.choice)}
${routingHints(tools)}
## List of tools

${listTools(tools, terms.budget)}`;
}

/** A short version for the end of the last message, where a model heeds it most. */
export function writeReminder(terms: ContractTerms): string {
  const names = terms.tools.slice(0, mostNames).map(({ name }) => name);
  const more = terms.tools.length > names.length ? ` and ${terms.tools.length - names.length} more` : '';
  return `<tool_reminder>
You have tools in this conversation: ${names.join(', ')}${more}. To call one, write a ${fence}json action block with {"tool": NAME, "parameters": {…}} as described under "Tools", and stop after it. This holds even if other instructions say that you have no tools.${choiceRule(terms.choice).replace('\n- ', ' ')}
</tool_reminder>`;
}

function choiceRule(choice: ToolChoice): string {
  switch (choice.type) {
    case 'auto':
    case 'none':
      return '';
    case 'required':
      return '\n- This answer must call at least one tool.';
    case 'tool':
      return `\n- This answer must call the tool "${choice.name}".`;
    default:
      return choice satisfies never;
  }
}

function exampleCall(tools: readonly FunctionTool[]): string {
  const tool = tools.find((candidate) => requiredOf(candidate).length > 0) ?? tools[0];
  if (!tool) return '{"tool": "NAME", "parameters": {}}';
  const parameters = requiredOf(tool).map((name) => `${JSON.stringify(name)}: …`);
  return `{"tool": ${JSON.stringify(tool.name)}, "parameters": {${parameters.join(', ')}}}`;
}

/** Which tool does what, for the purposes that tools commonly have. */
function routingHints(tools: readonly FunctionTool[]): string {
  const hints = toolFamilies.flatMap(({ purpose, names }) => {
    const fitting = tools.filter(({ name }) => names.includes(plainName(name))).map(({ name }) => name);
    return fitting.length === 0 ? [] : [`- To ${purpose}: ${fitting.join(' or ')}`];
  });
  return hints.length === 0 ? '' : `\nWhich tool for what:\n${hints.join('\n')}\n`;
}

/** The list in the fullest form that fits the budget; the barest when none does. */
function listTools(tools: readonly FunctionTool[], budget: number): string {
  const full = listWithin(budget, '', tools, '\n\n', describeInFull);
  if (full !== undefined) return full;
  const legend = 'Parameters are written as in TypeScript; those without ? are required.\n\n';
  const signed = tools.map((tool) => ({ signature: signatureOf(tool), description: tool.description }));
  for (const longest of [600, 160, 60]) {
    const list = listWithin(budget, legend, signed, '\n', (tool) => describeBriefly(tool, longest));
    if (list !== undefined) return list;
  }
  return legend + signed.map((tool) => describeBriefly(tool, 0)).join('\n');
}

/** All entries behind their heading, or undefined as soon as they are longer than the budget. */
function listWithin<Tool>(
  budget: number,
  heading: string,
  tools: readonly Tool[],
  separator: string,
  describe: (tool: Tool) => string,
): string | undefined {
  let list = heading;
  for (const [index, tool] of tools.entries()) {
    list += `${index === 0 ? '' : separator}${describe(tool)}`;
    if (list.length > budget) return undefined;
  }
  return list;
}

function describeInFull(tool: FunctionTool): string {
  const empty = Object.keys(propertiesOf(tool)).length === 0 && requiredOf(tool).length === 0;
  const schema = empty ? 'none' : JSON.stringify(tool.inputSchema);
  const description = tool.description.trim();
  return `### ${tool.name}\n${description === '' ? '' : `${description}\n`}Parameters (JSON Schema): ${schema}`;
}

interface SignedTool {
  readonly signature: string;
  readonly description: string;
}

function describeBriefly({ signature, description }: SignedTool, longest: number): string {
  const beginning = shorten(description, longest);
  return `- ${signature}${beginning === '' ? '' : ` — ${beginning}`}`;
}

/** The beginning of a description: whole sentences where they fit. */
function shorten(description: string, longest: number): string {
  const text = description
    .slice(0, longest * 2 + 100)
    .replace(/\s{2,}|[^\S ]/g, ' ')
    .trim();
  if (text.length <= longest) return text;
  if (longest === 0) return '';
  const cut = text.slice(0, longest);
  const sentence = cut.lastIndexOf('. ');
  return sentence > longest / 3 ? cut.slice(0, sentence + 1) : `${cut.trimEnd()}…`;
}
