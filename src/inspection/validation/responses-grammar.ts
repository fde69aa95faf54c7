import type { JsonRecord } from '../../core/json.ts';
import { fieldOf, type Grammar, type ReadEvent, type Report, textIn } from './grammar.ts';

const endings: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
  'response.cancelled',
]);

/** Deltas, the event that ends what they fill, and the field in which that repeats all of it. */
const filled: Readonly<Record<string, { readonly done: string; readonly field: string }>> = {
  'response.output_text.delta': { done: 'response.output_text.done', field: 'text' },
  'response.refusal.delta': { done: 'response.refusal.done', field: 'refusal' },
  'response.reasoning_summary_text.delta': {
    done: 'response.reasoning_summary_text.done',
    field: 'text',
  },
  'response.reasoning_text.delta': { done: 'response.reasoning_text.done', field: 'text' },
  'response.function_call_arguments.delta': {
    done: 'response.function_call_arguments.done',
    field: 'arguments',
  },
  'response.custom_tool_call_input.delta': {
    done: 'response.custom_tool_call_input.done',
    field: 'input',
  },
};
const repeats = new Map(
  Object.entries(filled).map(([delta, { done, field }]) => [done, { delta, field }] as const),
);

interface OpenItem {
  readonly index: unknown;
  readonly id: string;
  /** What each kind of delta brought, until the event that repeats it. */
  readonly texts: Map<string, string>;
  /** Parts that were added and are not done. */
  parts: number;
}

/**
 * OpenAI Responses: events numbered without gaps, `response.created`, the items of the output one after the other, each added, filled
 * and done, and one of the endings (platform.openai.com, "Streaming events"). An `error` event ends it as well.
 */
export class ResponsesGrammar implements Grammar {
  #state: 'before' | 'open' | 'ended' = 'before';
  #nextNumber: number | undefined;
  #id: string | undefined;
  #item: OpenItem | undefined;
  #items = 0;

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  accept({ json, name }: ReadEvent, report: Report): void {
    const type = textIn(json, 'type');
    if (name !== type) {
      report('event-name', `An event is named "${name ?? ''}", but its data is of type "${type}".`);
    }
    this.#checkNumber(json['sequence_number'], report);
    if (type === 'error') {
      this.#state = 'ended';
      return;
    }
    if (this.#state === 'before' && type !== 'response.created') {
      report('no-created', `"${type}" came before response.created.`);
    } else if (this.#state === 'open' && type === 'response.created') {
      report('second-created', 'response.created came a second time.');
    }
    this.#state = 'open';
    this.#follow(type, json, report);
  }

  end(report: Report): void {
    if (this.#state !== 'ended') {
      report('no-end', 'The stream ended without response.completed, incomplete or failed.');
    }
  }

  #checkNumber(number: unknown, report: Report): void {
    const expected = this.#nextNumber ?? 0;
    if (number !== expected) {
      report('sequence-number', `Event number ${expected} was due, but ${String(number)} came.`);
    }
    this.#nextNumber = (typeof number === 'number' ? number : expected) + 1;
  }

  #follow(type: string, json: JsonRecord, report: Report): void {
    const response = json['response'];
    if (response !== undefined) this.#checkId(textIn(response, 'id'), report);
    if (endings.has(type)) {
      this.#finish(type, response, report);
      return;
    }
    if (type === 'response.output_item.added') {
      this.#added(json, report);
      return;
    }
    if (type === 'response.output_item.done') {
      this.#done(json, report);
      return;
    }
    if (!('item_id' in json)) return;
    const item = this.#item;
    if (!item || item.id !== json['item_id'] || item.index !== json['output_index']) {
      report('item-not-open', `"${type}" is for an item that is not open.`);
      return;
    }
    this.#fill(item, type, json, report);
  }

  #fill(item: OpenItem, type: string, json: JsonRecord, report: Report): void {
    if (type.endsWith('_part.added')) item.parts++;
    else if (type.endsWith('_part.done') && --item.parts < 0) {
      report('part-not-open', `"${type}" came for a part that was not added.`);
    }
    if (Object.hasOwn(filled, type)) {
      const isPart = !type.includes('_call_');
      if (isPart && item.parts < 1) report('part-not-open', `"${type}" came outside of a part.`);
      item.texts.set(type, (item.texts.get(type) ?? '') + textIn(json, 'delta'));
    }
    const repeated = repeats.get(type);
    if (!repeated) return;
    const text = item.texts.get(repeated.delta);
    if (text !== undefined && text !== textIn(json, repeated.field)) {
      report('text-differs', `"${type}" repeats something else than its deltas brought.`);
    }
    item.texts.delete(repeated.delta);
  }

  #added({ output_index: index, item }: JsonRecord, report: Report): void {
    this.#expectDone(report);
    if (index !== this.#items) {
      report('item-index', `Item ${String(index)} was added where ${this.#items} would be the next one.`);
    }
    this.#items++;
    this.#item = { index, id: textIn(item, 'id'), texts: new Map(), parts: 0 };
  }

  #done({ item }: JsonRecord, report: Report): void {
    const open = this.#item;
    if (!open || open.id !== textIn(item, 'id')) {
      report('item-not-open', 'An item was done that is not open.');
      return;
    }
    if (open.texts.size > 0 || open.parts > 0) {
      report('item-not-finished', 'An item was done before all that was begun in it.');
    }
    this.#item = undefined;
  }

  #finish(type: string, response: unknown, report: Report): void {
    this.#state = 'ended';
    // What fails leaves what it had begun without an end, on purpose.
    if (type === 'response.failed' || type === 'response.cancelled') return;
    this.#expectDone(report);
    const output = fieldOf(response, 'output');
    if (!Array.isArray(output) || output.length !== this.#items) {
      report('output-differs', `"${type}" does not hold the ${this.#items} items that were added.`);
    }
  }

  #checkId(id: string, report: Report): void {
    this.#id ??= id;
    if (id === '' || id !== this.#id)
      report('id-changed', `The response's id is "${id}", not "${this.#id}".`);
  }

  #expectDone(report: Report): void {
    if (!this.#item) return;
    report('item-not-done', `Item ${String(this.#item.index)} was never done.`);
    this.#item = undefined;
  }
}
