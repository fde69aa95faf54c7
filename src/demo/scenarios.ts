import type { BadFrame } from './bad-frames.ts';
import type { RemoteCall } from './request-headers.ts';

/**
 * How the remote API misbehaves, or merely differs, for one request. Fields combine; an empty scenario is the good case.
 * Counts of chunks are of stream events, from 0.
 */
export interface RemoteScenario {
  /** Which call it strikes. Default `chat`. Calls other than chat know only the fields down to `stallBefore`. */
  readonly call?: RemoteCall;
  readonly latencyMs?: number;
  /** Answers this HTTP status and no stream. */
  readonly status?: number;
  /** Sent as `Retry-After` with `status`. */
  readonly retryAfterSeconds?: number;
  /** The body sent with `status`; default a JSON error, or the object store's NoSuchKey for 404. */
  readonly body?: string;
  /** The IDE renews the login while the request is on its way, so that the one it was signed with is refused. */
  readonly renewsLogin?: true;
  /** Drops the connection before any answer. */
  readonly reset?: true;
  /** Goes silent for ever: before the status line, or after it and before the first byte of the body. */
  readonly stallBefore?: 'headers' | 'first-byte';

  readonly stallAfterChunks?: number;
  /** Resets the connection after this many bytes of the stream. */
  readonly resetAfterBytes?: number;
  /** What happens there instead: a FIN without the end of the body, or the end of the body in the middle of a line. */
  readonly breakBy?: 'half-close' | 'end';
  /** An error envelope instead of the rest, after this many chunks. */
  readonly errorEnvelope?: {
    readonly afterChunks: number;
    readonly statusCodeValue: number;
    readonly message: string;
    /** Default `body`. `chunk`: in the place of a chunk, in an envelope that claims to be well. */
    readonly messageIn?: 'body' | 'statusMessage' | 'chunk';
  };
  /** Something unreadable after `afterChunks`; the stream then goes on. */
  readonly malformed?: { readonly afterChunks: number; readonly kind: 'envelope' | 'inner' | 'encoding' };
  /** How the stream ends. Default `full`: finish reason, usage chunk, `[DONE]` envelope, finish event. */
  readonly ending?: 'full' | 'finish-event' | 'done-body' | 'done-bare' | 'finish-reason-only' | 'none';
  readonly duplicateEnd?: true;
  /** More text after the end. */
  readonly strayAfterEnd?: true;
  /** Which names usage has in the finish event; `absent`: no usage anywhere. Default `prompt`. */
  readonly usage?: 'prompt' | 'input' | 'absent';
  /** Chunks without the envelope around them. */
  readonly bareChunks?: true;
  readonly chunksPerSecond?: number;
  /** Adds one content chunk of this many characters. */
  readonly hugeChunk?: number;
  /** Adds a line of this many bytes that has no end, then closes. */
  readonly endlessLine?: number;
  /** How a tool call is cut. Default `fragments`; `interleaved`: several calls' fragments in turns. */
  readonly toolCalls?: 'fragments' | 'whole' | 'interleaved';
  /** What tool-call fragments lack. */
  readonly toolCallsWithout?: 'id' | 'index';
  /** Comment lines between events. */
  readonly comments?: true;
}

/** The client requests that an IPC scenario can strike. */
export type IpcCall =
  | 'initialize'
  | 'config/queryModels'
  | 'session/new'
  | 'session/set_model'
  | 'session/prompt'
  | 'chat/deleteSessionById';

/** How the IPC runtime misbehaves, or merely differs, for one call. Fields combine. */
export interface IpcScenario {
  /** Default `session/prompt`. Other calls know only the fields down to `restart`. */
  readonly call?: IpcCall;
  readonly delayMs?: number;
  /** Answers with this JSON-RPC error. */
  readonly error?: { readonly code: number; readonly message: string };
  /** Never answers. */
  readonly silent?: true;
  /** Drops the connection instead of answering. */
  readonly kill?: true;
  /** Restarts on another port instead of answering. */
  readonly restart?: true;

  /** When `session/prompt` itself is answered. Default `end`. */
  readonly promptReply?: 'first' | 'end' | 'late' | 'never';
  /** What `chat_finish` says; `never`: none comes. Default success. */
  readonly chatFinish?: 'never' | { readonly reason?: string; readonly statusCode?: number };
  /** Mixes in updates of other requests and sessions. */
  readonly foreignUpdates?: true;
  /** A stray chunk and a second finish after the end, and unknown notifications in between. */
  readonly outOfOrder?: true;
  /** A request of the runtime's own after each chunk. */
  readonly serverRequests?: true;
  readonly stallAfterChunks?: number;
  /** After this many chunks; see `bad-frames.ts`. */
  readonly badFrame?: { readonly afterChunks: number; readonly kind: BadFrame };
  readonly killAfterChunks?: number;
  /** Says farewell, as a runtime does that is being closed: a closing handshake, or the end of its half of the pipe. */
  readonly closeAfterChunks?: number;
  /** The runtime restarts on another port after this many chunks. */
  readonly restartAfterChunks?: number;
  readonly chunksPerSecond?: number;
}

/** Faults and shapes by name, for those who try them all. */
export const remoteScenarios = {
  unauthorized: { status: 401 },
  forbidden: { status: 403 },
  'wrong base URL': { status: 404 },
  'rate limited': { status: 429, retryAfterSeconds: 2 },
  'server error': { status: 500 },
  unavailable: { status: 503 },
  'reset before headers': { reset: true },
  'silent before headers': { stallBefore: 'headers' },
  'silent before the first byte': { stallBefore: 'first-byte' },
  'silent in mid-stream': { stallAfterChunks: 4 },
  'reset at the first byte': { resetAfterBytes: 1 },
  'reset in mid-stream': { resetAfterBytes: 1500 },
  'error envelope at once': {
    errorEnvelope: { afterChunks: 0, statusCodeValue: 500, message: 'model overloaded' },
  },
  'error envelope in mid-stream': {
    errorEnvelope: {
      afterChunks: 4,
      statusCodeValue: 503,
      message: 'model went away',
      messageIn: 'statusMessage',
    },
  },
  'malformed envelope': { malformed: { afterChunks: 3, kind: 'envelope' } },
  'broken inner JSON': { malformed: { afterChunks: 3, kind: 'inner' } },
  'wrong encoding': { malformed: { afterChunks: 3, kind: 'encoding' } },
  'missing end': { ending: 'none' },
  'duplicate end': { duplicateEnd: true },
  'finish event only': { ending: 'finish-event', usage: 'input' },
  'done as a body': { ending: 'done-body' },
  'done bare': { ending: 'done-bare' },
  'no usage': { usage: 'absent' },
  'no envelope': { bareChunks: true },
  'text after the end': { strayAfterEnd: true },
  'half-closed in mid-stream': { resetAfterBytes: 1500, breakBy: 'half-close' },
  'ended in the middle of an event': { resetAfterBytes: 1500, breakBy: 'end' },
  'error chunk in mid-stream': {
    errorEnvelope: { afterChunks: 4, statusCodeValue: 500, message: 'model went away', messageIn: 'chunk' },
  },
  'huge chunk': { hugeChunk: 1_000_000 },
  'endless line': { endlessLine: 64_000_000 },
} as const satisfies Record<string, RemoteScenario>;

/** Faults and shapes by name, for those who try them all. */
export const ipcScenarios = {
  'prompt refused': { error: { code: -32_603, message: 'model is not available' } },
  'prompt reply first': { promptReply: 'first' },
  'prompt reply late': { promptReply: 'late' },
  'prompt reply never': { promptReply: 'never' },
  'failing finish status': { chatFinish: { statusCode: 500 } },
  'failing finish reason': { chatFinish: { reason: 'error' } },
  'missing finish': { chatFinish: 'never' },
  'foreign updates': { foreignUpdates: true },
  'out of order': { outOfOrder: true },
  'requests of its own': { serverRequests: true },
  'silent at once': { stallAfterChunks: 0 },
  'silent in mid-turn': { stallAfterChunks: 3 },
  'malformed frame': { badFrame: { afterChunks: 3, kind: 'malformed' } },
  'empty frame': { badFrame: { afterChunks: 3, kind: 'empty' } },
  'frame of broken UTF-8': { badFrame: { afterChunks: 3, kind: 'encoding' } },
  'frame cut in the middle': { badFrame: { afterChunks: 3, kind: 'cut' }, killAfterChunks: 4 },
  'frame that is not JSON': { badFrame: { afterChunks: 3, kind: 'not-json' } },
  'oversized frame': { badFrame: { afterChunks: 3, kind: 'oversized' } },
  'killed before the turn': { kill: true },
  'killed in mid-turn': { killAfterChunks: 3 },
  'closed in mid-turn': { closeAfterChunks: 3 },
  'restarted in mid-turn': { restartAfterChunks: 3 },
  'session/new refused': { call: 'session/new', error: { code: -32_603, message: 'no capacity' } },
  'session/new silent': { call: 'session/new', silent: true },
  'session/set_model refused': {
    call: 'session/set_model',
    error: { code: -32_602, message: 'unknown model' },
  },
} as const satisfies Record<string, IpcScenario>;

/** What a test asked for: one scenario for every call until it is cleared, or a queue used up call by call. */
export class ScenarioSource<C extends string, S extends { readonly call?: C }> {
  readonly #defaultCall: C;
  #always: S | undefined;
  #queue: S[] = [];

  constructor(defaultCall: C) {
    this.#defaultCall = defaultCall;
  }

  set(scenario: S | readonly S[] | undefined): void {
    this.#queue = isList(scenario) ? [...scenario] : [];
    this.#always = isList(scenario) ? undefined : scenario;
  }

  /** The scenario for this call, or undefined for the good case. */
  take(call: C): S | undefined {
    const strikes = (scenario: S) => (scenario.call ?? this.#defaultCall) === call;
    if (this.#always !== undefined) return strikes(this.#always) ? this.#always : undefined;
    const index = this.#queue.findIndex(strikes);
    return index === -1 ? undefined : this.#queue.splice(index, 1)[0];
  }
}

function isList<S>(value: S | readonly S[] | undefined): value is readonly S[] {
  return Array.isArray(value);
}
