import type { JsonRecord } from '../../core/json.ts';
import { fieldOf, type Grammar, isJsonObject, type ReadEvent, type Report, textIn } from './grammar.ts';

/** The deltas that each kind of content block may have. Kinds that are not listed may have any. */
const deltasOf: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
};

interface OpenBlock {
  readonly index: unknown;
  readonly type: string;
  input: string;
  isSigned: boolean;
}

/**
 * Anthropic Messages: `message_start`, content blocks one after the other, each begun, filled and stopped, a `message_delta` with the
 * stop reason, `message_stop`. `ping` anywhere, `error` ends it (docs.anthropic.com, "Streaming Messages").
 */
export class MessagesGrammar implements Grammar {
  #state: 'before' | 'open' | 'ended' = 'before';
  #block: OpenBlock | undefined;
  #blocks = 0;
  #calls = 0;
  #brokenInput = false;
  #stopReason: string | undefined;

  get hasEnded(): boolean {
    return this.#state === 'ended';
  }

  accept({ json, name }: ReadEvent, report: Report): void {
    const type = textIn(json, 'type');
    if (name !== type) {
      report('event-name', `An event is named "${name ?? ''}", but its data is of type "${type}".`);
    }
    if (type === 'ping') return;
    if (type === 'error') {
      this.#state = 'ended';
      return;
    }
    if (this.#state === 'before' && type !== 'message_start') {
      report('no-message-start', `"${type}" came before message_start.`);
      this.#state = 'open';
    }
    this.#follow(type, json, report);
  }

  end(report: Report): void {
    if (this.#state === 'before') report('no-message-start', 'The stream ended before it began.');
    else if (this.#state === 'open') report('no-message-stop', 'The stream ended without message_stop.');
    this.#expectClosed(report);
  }

  #follow(type: string, json: JsonRecord, report: Report): void {
    switch (type) {
      case 'message_start':
        if (this.#state === 'open') report('second-message-start', 'message_start came a second time.');
        this.#state = 'open';
        return;
      case 'content_block_start':
        this.#start(json, report);
        return;
      case 'content_block_delta':
        this.#delta(json, report);
        return;
      case 'content_block_stop':
        this.#stop(json, report);
        return;
      case 'message_delta':
        this.#stopReasonGiven(json, report);
        return;
      case 'message_stop':
        this.#finish(report);
        return;
      default:
        // The dialect may grow: clients are told to pass over what they do not know.
        return;
    }
  }

  #start({ index, content_block: block }: JsonRecord, report: Report): void {
    this.#expectClosed(report);
    if (index !== this.#blocks) {
      report(
        'block-index',
        `Content block ${String(index)} began where ${this.#blocks} would be the next one.`,
      );
    }
    if (this.#stopReason !== undefined) {
      report('block-after-stop-reason', 'A content block began after the stop reason.');
    }
    const type = textIn(block, 'type');
    if (type === 'tool_use') {
      this.#calls++;
      if (textIn(block, 'id') === '' || textIn(block, 'name') === '') {
        report('call-without-name', 'A tool_use block has no id or no name.');
      }
    }
    this.#blocks++;
    this.#block = { index, type, input: '', isSigned: textIn(block, 'signature') !== '' };
  }

  #delta({ index, delta }: JsonRecord, report: Report): void {
    const block = this.#block;
    if (!block || block.index !== index) {
      report('delta-outside-block', `A delta came for content block ${String(index)}, which is not open.`);
      return;
    }
    const type = textIn(delta, 'type');
    if (deltasOf[block.type]?.includes(type) === false) {
      report('delta-kind', `A ${type} came in a block of type ${block.type}.`);
    }
    if (type === 'input_json_delta') block.input += textIn(delta, 'partial_json');
    if (type === 'signature_delta') {
      if (block.isSigned) report('signed-twice', 'A thinking block was signed a second time.');
      block.isSigned = true;
    }
  }

  #stop({ index }: JsonRecord, report: Report): void {
    const block = this.#block;
    if (!block || block.index !== index) {
      report('block-not-open', `Content block ${String(index)} was stopped, but it is not open.`);
      return;
    }
    this.#block = undefined;
    if (block.type === 'thinking' && !block.isSigned) {
      report('thinking-not-signed', 'A thinking block ended without its signature.');
    }
    this.#brokenInput = block.type === 'tool_use' && !isJsonObject(block.input);
  }

  #stopReasonGiven({ delta, usage }: JsonRecord, report: Report): void {
    this.#expectClosed(report);
    if (typeof fieldOf(usage, 'output_tokens') !== 'number') {
      report('no-usage', 'message_delta does not tell the output tokens.');
    }
    const reason = textIn(delta, 'stop_reason');
    if (reason === '') return;
    if (this.#stopReason !== undefined) report('second-stop-reason', 'The stop reason was given twice.');
    this.#stopReason = reason;
    if (reason === 'tool_use' && this.#calls === 0) {
      report('stop-reason-without-call', 'The stop reason is tool_use, but no tool was called.');
    }
    // The output limit may cut a call off; nothing else may.
    if (this.#brokenInput && reason !== 'max_tokens') {
      report('tool-input-not-json', 'The input of a tool call is not a JSON object.');
    }
  }

  #finish(report: Report): void {
    this.#state = 'ended';
    this.#expectClosed(report);
    if (this.#stopReason === undefined) report('no-stop-reason', 'The answer ended without a stop reason.');
  }

  #expectClosed(report: Report): void {
    if (!this.#block) return;
    report('block-not-closed', `Content block ${String(this.#block.index)} was never stopped.`);
    this.#block = undefined;
  }
}
