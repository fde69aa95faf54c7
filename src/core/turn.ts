/**
 * One request to a model, independent of the client's dialect and of the upstream: the single shape in which
 * N protocols and M backends meet. Protocols make it, policies rewrite it, backends send it. Never mutated.
 */
export interface Turn {
  /** The model's name as the client (or, after model mapping, the upstream) writes it; '' when none was named. */
  readonly model: string;
  /** Instructions from before the conversation, one entry a block of the client's, in order. */
  readonly system: readonly string[];
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** False: at most one call in an answer. Absent: the client did not say. */
  readonly parallelToolCalls?: boolean;
  readonly sampling: Sampling;
  /** Present only when the client asked for reasoning. */
  readonly reasoning?: ReasoningIntent;
  readonly responseFormat?: ResponseFormat;
  /** `incremental`: a client streams, and text that has gone out cannot be taken back. `whole`: nothing is shown before the end. */
  readonly delivery: 'incremental' | 'whole';
  readonly metadata: TurnMetadata;
}

export interface Text {
  readonly type: 'text';
  readonly text: string;
}

export interface Image {
  readonly type: 'image';
  readonly source:
    | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
    /** http(s)://, file:// or an absolute path, as the client wrote it. */
    | { readonly kind: 'url'; readonly url: string }
    /** Given to upstream already, which knows it by this URL. */
    | { readonly kind: 'uploaded'; readonly url: string };
}

export interface ToolResult {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly content: readonly (Text | Image)[];
  readonly isError?: boolean;
}

/** Thoughts from an earlier answer. Accepted in a history, never sent on as text. */
export interface Reasoning {
  readonly type: 'reasoning';
  readonly text: string;
  readonly signature?: string;
}

export interface ToolCall {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** The group that a Codex `namespace` tool belongs to. */
  readonly namespace?: string;
  /** JSON text of an object for a function tool, free text for a custom tool; exactly as the model wrote it. */
  readonly input: string;
}

export type UserContent = Text | Image | ToolResult;
export type AssistantContent = Text | Reasoning | ToolCall;

export type Message =
  | { readonly role: 'user'; readonly content: readonly UserContent[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantContent[] }
  /** An instruction in mid-conversation (leading ones are in `Turn.system`). */
  | { readonly role: 'system'; readonly content: readonly Text[] };

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface FunctionTool {
  readonly kind: 'function';
  readonly namespace?: string;
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments object. */
  readonly inputSchema: JsonSchema;
  readonly strict?: boolean;
}

/** A tool whose input is free text, optionally bound by a grammar (OpenAI's custom tools). */
export interface CustomTool {
  readonly kind: 'custom';
  readonly namespace?: string;
  readonly name: string;
  readonly description: string;
  readonly format?: { readonly syntax: string; readonly definition: string };
}

export type Tool = FunctionTool | CustomTool;

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string; readonly namespace?: string };

/** What the client wants of the decoder. Absent: the upstream's default. */
export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  /** Tokens. */
  readonly maxOutputTokens?: number;
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** Sequences at which the text is cut; the sequence itself is not part of the answer. */
  readonly stop?: readonly string[];
}

export interface ReasoningIntent {
  readonly effort?: string;
  /** Tokens. */
  readonly budgetTokens?: number;
}

export type ResponseFormat =
  | { readonly type: 'json-object' }
  | {
      readonly type: 'json-schema';
      readonly name?: string;
      readonly schema: JsonSchema;
      readonly strict?: boolean;
    };

export interface TurnMetadata {
  /** The client's own id for its conversation, when it sends one. */
  readonly sessionId?: string;
  readonly userId?: string;
}
