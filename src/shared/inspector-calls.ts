import type { RequestSummary } from './requests.ts';

/**
 * What the inspector asks of a proxy: its own window's, or another process's over HTTP. Each call has a JSON input and a JSON output;
 * bodies travel only when asked for. All of it is redacted.
 */
export interface InspectorCalls {
  /** All requests that are kept, newest first. */
  list: { input: Record<string, never>; output: { readonly requests: readonly RequestSummary[] } };
  /** What is shown of a request besides its bodies. */
  request: { input: { readonly id: string }; output: RequestDetail };
  /** The conversation of a request and its answer, as a person reads it. */
  conversation: { input: { readonly id: string }; output: Conversation };
  /** One body as it went over a wire, or as it was understood. */
  body: { input: { readonly id: string; readonly part: BodyPart }; output: Body };
  /** Every event of the answer. */
  events: {
    input: { readonly id: string };
    output: { readonly events: readonly RecordedEvent[]; readonly dropped: number };
  };
  /** Two requests side by side. */
  compare: { input: { readonly left: string; readonly right: string }; output: Comparison };
  /** Sums over a time that ends now. */
  overview: { input: { readonly range: OverviewRange }; output: Overview };
  /** What the active backend lists. */
  models: {
    input: Record<string, never>;
    output: { readonly models: readonly InspectedModel[]; readonly backend: string };
  };
  /** Asks a model a short question, as a request that is recorded. */
  testModel: {
    input: { readonly model: string; readonly prompt: string };
    output: {
      readonly id: string;
      readonly text: string;
      readonly durationMs: number;
      readonly firstTokenMs?: number;
    };
  };
  /** Sends a request again, with another body if one is given; it is marked as a replay. Resolves once the answer has ended. */
  replay: { input: { readonly id: string; readonly body?: string }; output: { readonly id: string } };
  /** The request as a program would send it, with a placeholder for the key. */
  copyAs: { input: { readonly id: string; readonly format: CopyFormat }; output: { readonly text: string } };
  /** Some requests as a file: a HAR of all of them, or a fixture of the one. */
  export: {
    input: { readonly ids: readonly string[]; readonly format: 'har' | 'fixture' };
    output: { readonly text: string };
  };
  /** A zip for a bug report, base64: the requests of a time, the log, settings and environment; never a credential. */
  feedbackBundle: {
    input: {
      /** ISO 8601; absent: as far back as anything is kept, until now. */
      readonly from?: string;
      readonly to?: string;
      /** What the caller knows of where it runs, such as the editor's version. */
      readonly environment?: Readonly<Record<string, string>>;
      /** Texts to go with it, by file name, such as a doctor's report. */
      readonly files?: Readonly<Record<string, string>>;
    };
    output: { readonly zip: string; readonly requests: number };
  };
  /** Forgets all requests that have ended. */
  clear: { input: Record<string, never>; output: { readonly cleared: number } };
}

export type InspectorCallName = keyof InspectorCalls;
export type InspectorInput<Name extends InspectorCallName> = InspectorCalls[Name]['input'];
export type InspectorOutput<Name extends InspectorCallName> = InspectorCalls[Name]['output'];

export type CopyFormat = 'curl' | 'fetch' | 'python';

/** The three panes, each with its two directions. `turn` and `answer` are the proxy's own form between the wires, as JSON. */
export type BodyPart =
  | { readonly pane: 'client'; readonly side: 'request' | 'response' }
  | { readonly pane: 'turn'; readonly side: 'request' | 'response' }
  | { readonly pane: 'upstream'; readonly side: 'request' | 'response'; readonly exchange: number };

export interface Body {
  readonly text: string;
  readonly format: 'json' | 'event-stream' | 'text';
  /** Characters that were there and are not kept. */
  readonly omitted: number;
}

export interface RequestDetail {
  readonly summary: RequestSummary;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly exchanges: readonly ExchangeDetail[];
  /** What the proxy noted: fields without effect, the model rule, attempts, oddities. */
  readonly notes: readonly { readonly atMs: number; readonly type: string; readonly text: string }[];
  readonly timing: readonly TimeSpan[];
  readonly violations: readonly Violation[];
}

/** One request that went upstream for a client's request. */
export interface ExchangeDetail {
  readonly atMs: number;
  readonly method: string;
  readonly target: string;
  readonly statusCode?: number;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Characters. */
  readonly requestSize: number;
  readonly responseSize: number;
}

/** A part of the time that a request took, from its arrival. `attempt` counts from 0 where there were several. */
export interface TimeSpan {
  readonly name: 'queue' | 'session' | 'first-token' | 'stream' | 'attempt';
  readonly fromMs: number;
  readonly toMs: number;
  readonly attempt?: number;
  readonly text?: string;
}

/** A rule of the client's dialect that was broken, or something of the request that was ignored or lost. */
export interface Violation {
  readonly side: 'request' | 'response';
  readonly severity: 'error' | 'warning';
  /** A stable name, such as `messages/block-not-closed`. */
  readonly rule: string;
  readonly text: string;
  /** Index of the client's event that broke it. */
  readonly event?: number;
}

/** An event of the answer: as the dialect's client got it, and the internal one that it came from where there is one. */
export interface RecordedEvent {
  readonly atMs: number;
  readonly type: string;
  /** JSON, or what was sent. */
  readonly data: string;
}

export interface Conversation {
  readonly system: readonly string[];
  readonly tools: readonly { readonly name: string; readonly description: string; readonly schema: string }[];
  readonly messages: readonly ConversationMessage[];
  /** Why a part is missing, such as a body that was cut. */
  readonly incomplete?: string;
}

export interface ConversationMessage {
  readonly role: 'user' | 'assistant' | 'system';
  /** True for what the model answered to this very request. */
  readonly isAnswer: boolean;
  readonly content: readonly ConversationPart[];
}

export type ConversationPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  | {
      readonly type: 'image';
      readonly mediaType?: string;
      readonly bytes?: number;
      readonly width?: number;
      readonly height?: number;
      readonly url?: string;
    }
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly input: string }
  | {
      readonly type: 'tool-result';
      readonly callId: string;
      readonly isError: boolean;
      readonly content: readonly ConversationPart[];
    };

export interface Comparison {
  readonly left: RequestSummary;
  readonly right: RequestSummary;
  /** The first message, tool or system block at which the two prompts differ; absent when one is the beginning of the other. */
  readonly divergence?: { readonly where: string; readonly left: string; readonly right: string };
  /** Characters of the prompt that both begin with, and of the shorter of the two. */
  readonly commonPrefix: number;
  readonly shorter: number;
  /** A unified diff of the two client requests, pretty-printed. */
  readonly diff: string;
}

export type OverviewRange = 'hour' | 'day' | 'week';

export interface Overview {
  readonly range: OverviewRange;
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** True when a part of the tokens is estimated. */
  readonly estimated: boolean;
  readonly byModel: readonly OverviewGroup[];
  readonly byClient: readonly OverviewGroup[];
  readonly latencyMs: Percentiles;
  readonly firstTokenMs: Percentiles;
  /** Slices of equal length, oldest first. */
  readonly slices: readonly {
    readonly time: string;
    readonly requests: number;
    readonly errors: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[];
}

export interface OverviewGroup {
  readonly name: string;
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Milliseconds; null where nothing was measured. */
export interface Percentiles {
  readonly average: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
}

export interface InspectedModel {
  readonly id: string;
  readonly displayName: string;
  readonly aliases: readonly string[];
  readonly scene: string;
  readonly source?: string;
  /** Tokens. */
  readonly contextWindow?: number;
  readonly vision?: boolean;
  readonly reasoning?: boolean;
  /** Whether it answers when a client names no model that there is. */
  readonly isDefault: boolean;
  /** What the other backend calls the same model. */
  readonly otherBackendName?: string;
  /** Names that the person's mapping leads here. */
  readonly mappedFrom: readonly string[];
}
