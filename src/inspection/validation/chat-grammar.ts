import type { JsonRecord } from '../../core/json.ts';
import { fieldOf, type Grammar, isJsonObject, type ReadEvent, type Report, textIn } from './grammar.ts';

interface OpenCall {
  readonly id: string;
  readonly isFunction: boolean;
  input: string;
}

/**
 * OpenAI Chat Completions with one choice: chunks of one id, the role first, calls begun before they are continued, one finish
 * reason, a chunk of usage at most, `[DONE]` (platform.openai.com, "Chat completion chunk object"). A chunk with an error ends it.
 */
export class ChatGrammar implements Grammar {
  #state: 'before' | 'open' | 'finished' | 'ended' = 'before';
  #id: string | undefined;
  /** The chunks say that a usage will come. */
  #promisesUsage = false;
  #hasUsage = false;
  readonly #calls: OpenCall[] = [];

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  accept({ json }: ReadEvent, report: Report): void {
    if ('error' in json) {
      this.#state = 'ended';
      return;
    }
    this.#checkEnvelope(json, report);
    if (json['usage'] === null) this.#promisesUsage = true;
    const [choice]: readonly unknown[] = Array.isArray(json['choices']) ? json['choices'] : [];
    if (choice !== undefined) this.#choice(choice, report);
    if (typeof json['usage'] === 'object' && json['usage'] !== null && choice === undefined) {
      this.#usage(report);
    }
  }

  end(report: Report): void {
    if (this.#state === 'ended') return;
    if (this.#state !== 'finished') report('no-finish-reason', 'The stream ended without a finish reason.');
    report('no-done', 'The stream ended without [DONE].');
  }

  #checkEnvelope(json: JsonRecord, report: Report): void {
    if (json['object'] !== 'chat.completion.chunk' || !Array.isArray(json['choices'])) {
      report('not-a-chunk', 'An event is not a chat.completion.chunk with choices.');
    }
    const id = textIn(json, 'id');
    this.#id ??= id;
    if (id === '' || id !== this.#id) report('id-changed', `A chunk has the id "${id}", not "${this.#id}".`);
  }

  #choice(choice: unknown, report: Report): void {
    const delta = fieldOf(choice, 'delta');
    if (this.#state === 'finished') {
      report('after-finish', 'A choice came after the finish reason.');
    }
    const role = textIn(delta, 'role');
    if (this.#state === 'before') {
      if (role !== 'assistant') report('no-role', 'The first chunk does not say the role.');
      this.#state = 'open';
    } else if (role !== '') report('second-role', 'The role was said a second time.');
    const calls = fieldOf(delta, 'tool_calls');
    for (const call of Array.isArray(calls) ? calls : []) this.#call(call, report);
    const reason = fieldOf(choice, 'finish_reason');
    if (typeof reason === 'string') this.#finish(reason, delta, report);
  }

  #call(call: unknown, report: Report): void {
    const index = fieldOf(call, 'index');
    const custom = fieldOf(call, 'custom');
    const body = custom ?? fieldOf(call, 'function');
    const input = textIn(body, custom === undefined ? 'arguments' : 'input');
    const open = typeof index === 'number' ? this.#calls[index] : undefined;
    const id = textIn(call, 'id');
    if (open) {
      if (id !== '') report('call-begun-twice', `Tool call ${String(index)} was begun a second time.`);
      open.input += input;
      return;
    }
    if (index !== this.#calls.length) {
      report('call-index', `Tool call ${String(index)} began where ${this.#calls.length} would be the next.`);
    }
    if (id === '' || textIn(body, 'name') === '') {
      report('call-not-begun', `Tool call ${String(index)} was continued before it had an id and a name.`);
    }
    this.#calls.push({ id, isFunction: custom === undefined, input });
  }

  #finish(reason: string, delta: unknown, report: Report): void {
    this.#state = 'finished';
    const legacy = fieldOf(delta, 'function_call') !== undefined || reason === 'function_call';
    if (reason === 'tool_calls' && this.#calls.length === 0 && !legacy) {
      report('finish-reason-without-call', 'The finish reason is tool_calls, but no tool was called.');
    }
    const broken = this.#calls.some(({ isFunction, input }) => isFunction && !isJsonObject(input));
    // The output limit may cut a call off; nothing else may.
    if (broken && reason !== 'length') {
      report('arguments-not-json', 'The arguments of a tool call are not a JSON object.');
    }
  }

  #usage(report: Report): void {
    if (this.#state !== 'finished') report('usage-before-finish', 'The usage came before the finish reason.');
    if (this.#hasUsage) report('second-usage', 'The usage was told twice.');
    this.#hasUsage = true;
  }

  done(report: Report): void {
    if (this.#state !== 'finished') report('no-finish-reason', '[DONE] came before a finish reason.');
    if (this.#promisesUsage && !this.#hasUsage) {
      report('no-usage', 'The chunks announced the usage, but it never came.');
    }
    this.#state = 'ended';
  }
}
