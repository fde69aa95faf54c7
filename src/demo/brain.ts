import type { ChatMessage, ChatTool } from './chat-body-schema.ts';

/** What the simulated model is asked, after every check of the wire has passed. */
export type SimulatedRequest = RemoteRequest | IpcRequest;

export interface RemoteRequest {
  readonly backend: 'remote';
  /** The model's key; '' for auto. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly ChatTool[];
  /** As on the wire; undefined when absent. */
  readonly toolChoice: unknown;
  /** `model_config.is_reasoning`. */
  readonly reasoning: boolean;
  readonly maxTokens?: number;
  /** Of images uploaded before. */
  readonly imageUrls: readonly string[];
}

export interface IpcRequest {
  readonly backend: 'ipc';
  /** The model's IPC name, such as `Kimi-K2.6`. */
  readonly model: string;
  /** All text blocks of the prompt, joined. */
  readonly prompt: string;
  readonly images: readonly { readonly mimeType: string; readonly bytes: Buffer }[];
  readonly sessionId: string;
}

export interface SimulatedToolCall {
  /** Made up when absent. */
  readonly id?: string;
  readonly name: string;
  /** An object is written as JSON; a string is sent as it is, even if it is not JSON. */
  readonly arguments: object | string;
}

export type ReplyPart =
  | { readonly thought: string }
  | { readonly text: string }
  /** Native on the remote API; a fenced action block in the text over IPC. */
  | { readonly toolCall: SimulatedToolCall };

export interface Reply {
  /** In order. Read once; may be a generator. */
  readonly parts: Iterable<ReplyPart>;
  /** Default: `tool_calls` when there was a call, else `stop`. */
  readonly finishReason?: string;
  /** Default: estimated from the sizes. */
  readonly usage?: 'withheld' | { readonly inputTokens: number; readonly outputTokens: number };
  /** Characters a chunk. Default 12. Infinity: each part is one chunk. */
  readonly chunkSize?: number;
  /** Default: the simulator's, which by default is as fast as it can. */
  readonly chunksPerSecond?: number;
}

/** The simulated model. */
export type Brain = (request: SimulatedRequest) => Reply | Promise<Reply>;

/** A call in the form that a model writes it where there are no native tools. */
export function renderActionBlock(call: SimulatedToolCall): string {
  const parameters = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
  return `\n\`\`\`json action\n{"tool": ${JSON.stringify(call.name)}, "parameters": ${parameters}}\n\`\`\`\n`;
}

/** The call's arguments as they go over the wire. */
export function argumentsText(call: SimulatedToolCall): string {
  return typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
}

/** Cuts text into pieces of at most `size` UTF-16 units that never split a character. */
export function* cutText(text: string, size: number): Generator<string> {
  if (text.length <= size) {
    if (text !== '') yield text;
    return;
  }
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + size);
    const unit = text.charCodeAt(end - 1);
    if (end < text.length && unit >= 0xd800 && unit <= 0xdbff) end++;
    yield text.slice(start, end);
    start = end;
  }
}

/** A brain that gives every request the same parts. */
export function fixedBrain(parts: readonly ReplyPart[], rest: Omit<Reply, 'parts'> = {}): Brain {
  return () => ({ parts, ...rest });
}

/** A brain for measurements: `chunkCount` equal chunks of `text`, each one upstream event. */
export function steadyBrain(options: { chunkCount: number; chunkRate?: number; text?: string }): Brain {
  const part = { text: options.text ?? 'steady text ' };
  return () => ({
    parts: repeat(part, options.chunkCount),
    chunkSize: Number.POSITIVE_INFINITY,
    ...(options.chunkRate === undefined ? {} : { chunksPerSecond: options.chunkRate }),
  });
}

function* repeat(part: ReplyPart, count: number): Generator<ReplyPart> {
  for (let index = 0; index < count; index++) yield part;
}
