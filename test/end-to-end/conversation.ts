import type { RunningProxy } from './running-proxy.ts';

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly parameters: { readonly type: 'object'; readonly [key: string]: unknown };
}

/** A question in no dialect; each client says it in its own. */
export interface Question {
  readonly text: string;
  readonly model?: string;
  readonly system?: string;
  readonly tools?: readonly Tool[];
  /** A tool's name, or one of the three words. Default: not said. */
  readonly choice?: 'auto' | 'none' | 'required' | { readonly name: string };
  readonly oneCall?: boolean;
  readonly reasoning?: boolean;
  readonly stop?: readonly string[];
  readonly schema?: { readonly type: 'object'; readonly [key: string]: unknown };
  /** A data URL's two halves. */
  readonly image?: { readonly mediaType: string; readonly data: string };
}

export interface Call {
  readonly id: string;
  readonly name: string;
  /** Parsed. */
  readonly input: unknown;
}

/** What a client made of an answer. */
export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly Call[];
  /** The dialect's own word for why it ended. */
  readonly ended: string | null;
  readonly stopSequence: string | undefined;
  readonly model: string;
  readonly usage: { readonly input: number; readonly output: number; readonly estimated: boolean };
}

export interface Result {
  readonly id: string;
  readonly output: string;
}

/** A conversation as the official client's user would hold it. */
export interface Conversation {
  answer(): Promise<Answer>;
  /** What the tools gave for the calls of the last answer. */
  addResults(results: readonly Result[]): void;
  addQuestion(text: string): void;
}

/** One API, seen through its vendor's own package. */
export interface OfficialClient {
  readonly name: string;
  /** The dialect's words for an answer that ended by itself, and for one that calls tools. */
  readonly ends: { readonly stop: string; readonly calls: string };
  converse(proxy: RunningProxy, question: Question, stream: boolean): Conversation;
}
