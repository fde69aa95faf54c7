import * as z from 'zod';
import type { Brain, Reply, ReplyPart, SimulatedRequest } from './brain.ts';
import { simulatedModels } from './model-catalogue.ts';

/**
 * What the simulated model answers unless a test says otherwise: short, friendly, the same each time, with characters of
 * every width, and plain about being no model at all.
 */
export const defaultBrain: Brain = (request) => {
  const call = demandedCall(request);
  const parts: ReplyPart[] = [];
  if (wantsThoughts(request)) {
    parts.push({
      thought: 'The user would like an answer. 让我想一想… 🤔 A simulated thought is enough here.',
    });
  }
  parts.push(call === undefined ? { text: answer(request) } : { toolCall: call });
  return { parts } satisfies Reply;
};

function answer(request: SimulatedRequest): string {
  const greeting = 'Hello from the simulated Lingma. 你好！👋';
  const truth = 'No model is behind this answer; it only shows that the whole way works.';
  return `${greeting}\n\nYou wrote: “${lastLine(request)}”.${describeImages(request)}\n\n${truth} 一切正常 ✅`;
}

function describeImages(request: SimulatedRequest): string {
  if (request.backend === 'remote') {
    return request.imageUrls.length === 0 ? '' : ` With ${request.imageUrls.length} uploaded image(s).`;
  }
  return request.images
    .map(({ mimeType, bytes }) => ` The picture is ${mimeType} of ${bytes.length} bytes.`)
    .join('');
}

/** The last line of what the user wrote, shortened. */
function lastLine(request: SimulatedRequest): string {
  const text = request.backend === 'ipc' ? request.prompt : lastUserText(request.messages);
  const line = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line.length > 200 ? `${line.slice(0, 200).replace(/[\uD800-\uDBFF]$/, '')}…` : line;
}

function lastUserText(messages: readonly { role: string; content: string | null }[]): string {
  return messages.findLast((message) => message.role === 'user')?.content ?? '';
}

function wantsThoughts(request: SimulatedRequest): boolean {
  if (request.backend === 'remote') return request.reasoning;
  const thinks = simulatedModels.find((model) => model.name === request.model)?.thinksOverIpc ?? false;
  return thinks && /think|reason|step by step|思考|推理/i.test(request.prompt);
}

/** A call for a request that insists on one; other requests are answered in words. */
function demandedCall(request: SimulatedRequest): { name: string; arguments: object } | undefined {
  if (request.backend === 'ipc') return callInContract(request.prompt);
  const named = z.object({ function: z.object({ name: z.string() }) }).safeParse(request.toolChoice);
  if (!named.success && request.toolChoice !== 'required') return undefined;
  const wanted = named.success ? named.data.function.name : request.tools[0]?.function.name;
  const tool = request.tools.find(({ function: { name } }) => name === wanted);
  if (tool === undefined) return undefined;
  return { name: tool.function.name, arguments: exampleArguments(tool.function.parameters) };
}

/** Over IPC the tools, and whether one has to be called, stand in the prompt. */
function callInContract(prompt: string): { name: string; arguments: object } | undefined {
  const demand = /must call (?:at least one tool|the tool "([^"]+)")/.exec(prompt);
  if (demand === null) return undefined;
  const listed = [...prompt.matchAll(/^### (\S+)\n(?:(?!### ).*\n)*?Parameters \(JSON Schema\): (.+)$/gm)];
  const tool = listed.find(([, name]) => demand[1] === undefined || name === demand[1]);
  if (tool === undefined) return undefined;
  const [, name = '', schema = ''] = tool;
  return { name, arguments: exampleArguments(schema === 'none' ? {} : JSON.parse(schema)) };
}

const schemaShape = z.object({
  required: z.array(z.string()).optional(),
  properties: z
    .record(z.string(), z.object({ type: z.string().optional(), enum: z.array(z.unknown()).optional() }))
    .optional(),
});

/** Arguments that carry each required property with a value of its type. */
function exampleArguments(schema: unknown): object {
  const parsed = schemaShape.safeParse(schema);
  if (!parsed.success) return {};
  const { required = [], properties = {} } = parsed.data;
  return Object.fromEntries(
    required.map((name) => {
      const property = properties[name];
      return [name, property?.enum?.[0] ?? exampleOf(property?.type)];
    }),
  );
}

function exampleOf(type: string | undefined): unknown {
  switch (type) {
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
      return {};
    default:
      return '示例 example';
  }
}
