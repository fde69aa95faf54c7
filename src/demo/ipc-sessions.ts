import { randomUUID } from 'node:crypto';
import type { Changes } from './changes.ts';
import type { ReceivedImage } from './ipc-images.ts';
import type { PromptParams } from './ipc-schema.ts';
import type { IpcTurn, TurnOutcome } from './ipc-turn.ts';
import type { SimulatedModel } from './model-catalogue.ts';

/** A turn under way, and the way to stop it. */
export interface RunningTurn {
  readonly turn: IpcTurn;
  readonly abort: AbortController;
}

/** A chat session that the runtime holds open. */
export interface SimulatedSession {
  readonly id: string;
  readonly cwd: string;
  /** Undefined until `session/set_model`. */
  model: SimulatedModel | undefined;
  running: RunningTurn | undefined;
  /** Prompts received so far. */
  promptCount: number;
}

/** One `session/prompt` that passed every check. */
export interface RecordedPrompt {
  readonly sessionId: string;
  readonly requestId: string;
  /** The model's IPC name. */
  readonly model: string;
  /** All text blocks, joined. */
  readonly text: string;
  readonly images: readonly ReceivedImage[];
  readonly params: PromptParams;
  /** Undefined while the turn runs. */
  outcome: TurnOutcome | undefined;
}

/** What a runtime remembers, whichever connection it came by. */
export class IpcSessions {
  readonly open = new Map<string, SimulatedSession>();
  readonly prompts: RecordedPrompt[] = [];
  /** Session ids of `session/cancel`, in order. */
  readonly cancels: string[] = [];
  readonly violations: string[] = [];
  /** Sessions in all. */
  ever = 0;
  /** Prompts in all, also those no longer kept. */
  promptsEver = 0;
  readonly #changes: Changes;
  readonly #former = new Set<string>();
  readonly #requestIds = new Set<string>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  add(cwd: string): SimulatedSession {
    const session = { id: randomUUID(), cwd, model: undefined, running: undefined, promptCount: 0 };
    this.open.set(session.id, session);
    this.#former.add(session.id);
    this.ever++;
    this.#changes.notify();
    return session;
  }

  /** Whether there ever was a session of this id. */
  knew(id: string): boolean {
    return this.#former.has(id);
  }

  /** Forgets a session and stops its turn; false when it was not open. */
  remove(id: string): boolean {
    const session = this.open.get(id);
    if (session === undefined) return false;
    this.open.delete(id);
    session.running?.abort.abort();
    this.#changes.notify();
    return true;
  }

  clear(): void {
    for (const id of [...this.open.keys()]) this.remove(id);
  }

  /** False when this request id was used before. */
  claimRequestId(id: string): boolean {
    if (this.#requestIds.has(id)) return false;
    this.#requestIds.add(id);
    return true;
  }

  addPrompt(prompt: RecordedPrompt, keep: number): void {
    this.prompts.push(prompt);
    if (this.prompts.length > keep) this.prompts.shift();
    this.promptsEver++;
    this.#changes.notify();
  }

  violate(text: string): void {
    this.violations.push(text);
    this.#changes.notify();
  }

  notify(): void {
    this.#changes.notify();
  }
}
