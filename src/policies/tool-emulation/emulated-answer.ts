import type { TurnEnd, TurnEvent } from '../../core/events.ts';
import type { ActionEvent } from './action-event.ts';
import { ActionParser } from './action-parser.ts';
import type { CallableTools } from './resolve-call.ts';

export interface AnswerRules {
  /** Text waits for a call; without one it stays until it is released. */
  readonly holdsText: boolean;
  /** A call waits until it is complete. */
  readonly holdsCalls: boolean;
  readonly oneCall: boolean;
  readonly createCallId: () => string;
  /** What goes out right before the first call, instead of this answer's own text. */
  readonly beforeCall?: () => readonly TurnEvent[];
}

/** One upstream answer, turned from text into text and calls, with what was held back from it. */
export class EmulatedAnswer {
  /** Calls that went out. */
  calls = 0;
  /** Calls of which at least the beginning went out. */
  begunCalls = 0;
  /** What is wrong with the first call that cannot be used. */
  invalid: string | undefined;
  /** Why upstream must not be listened to any further. */
  stop: string | undefined;
  /** A call went out that upstream never completed. */
  cut = false;
  /** How upstream ended the answer; undefined when it was stopped. */
  end: TurnEnd | undefined;

  readonly #parser: ActionParser;
  readonly #rules: AnswerRules;
  readonly #said: string[] = [];
  #heldText: string[] = [];
  /** An invalid call's own text, and all text behind it. */
  #heldInvalid: string[] = [];
  #heldCall: TurnEvent[] = [];
  #callId = '';
  /** White space that nothing visible preceded: if a call comes next, it only set that call apart. */
  #leadingSpace: string | undefined = '';

  constructor(tools: CallableTools, rules: AnswerRules) {
    this.#parser = new ActionParser(tools);
    this.#rules = rules;
  }

  /** All that upstream wrote. */
  get said(): string {
    return this.#said.join('');
  }

  /** Reads on; returns what goes out now. */
  read(text: string): readonly TurnEvent[] {
    this.#said.push(text);
    return this.#take(this.#parser.push(text));
  }

  /** Upstream's answer is complete; returns what goes out now. */
  finish(end: TurnEnd): readonly TurnEvent[] {
    this.end = end;
    const out = [...this.#take(this.#parser.end())];
    if (this.begunCalls === 0) this.#giveText(this.#takeLeadingSpace(), out);
    return out;
  }

  /** The text that was held from before any invalid call; it is not held afterwards. */
  takeText(): readonly TurnEvent[] {
    const held = this.#heldText.join('');
    this.#heldText = [];
    return held === '' ? [] : [{ type: 'text-delta', text: held }];
  }

  /** All text that was held; it is not held afterwards. */
  takeAll(): readonly TurnEvent[] {
    this.#heldText.push(...this.#heldInvalid);
    this.#heldInvalid = [];
    return this.takeText();
  }

  #take(events: readonly ActionEvent[]): readonly TurnEvent[] {
    const out: TurnEvent[] = [];
    for (const event of events) {
      if (this.stop !== undefined) break;
      switch (event.type) {
        case 'text':
          this.#takeVisible(event.text, out);
          break;
        case 'call-start':
          this.#callId = this.#rules.createCallId();
          this.#give({ type: 'tool-call-start', id: this.#callId, name: event.name }, out);
          break;
        case 'call-delta':
          if (event.input !== '')
            this.#give({ type: 'tool-call-delta', id: this.#callId, input: event.input }, out);
          break;
        case 'call-end':
          this.#endCall(out);
          break;
        case 'call-cut':
          this.#cutCall(event.source, out);
          break;
        case 'invalid':
          this.invalid ??= event.problem;
          this.#heldInvalid.push(this.#takeLeadingSpace() + event.source);
          break;
        default:
          event satisfies never;
      }
    }
    return out;
  }

  #takeVisible(text: string, out: TurnEvent[]): void {
    if (this.calls > 0) {
      // The client has to run the tools first: whatever a model says here it made up.
      if (text.trim() !== '')
        this.stop = 'The model went on writing after its calls; its answer was cut there.';
    } else if (this.invalid !== undefined) {
      this.#heldInvalid.push(text);
    } else if (this.#leadingSpace !== undefined && text.trim() === '') {
      this.#leadingSpace += text;
    } else {
      this.#giveText(this.#takeLeadingSpace() + text, out);
    }
  }

  /** The white space that the answer began with, once. */
  #takeLeadingSpace(): string {
    const space = this.#leadingSpace ?? '';
    this.#leadingSpace = undefined;
    return space;
  }

  #giveText(text: string, out: TurnEvent[]): void {
    if (text === '') return;
    if (this.#rules.holdsText) {
      this.#heldText.push(text);
    } else {
      out.push({ type: 'text-delta', text });
    }
  }

  #give(event: TurnEvent, out: TurnEvent[]): void {
    if (this.#rules.holdsCalls) {
      this.#heldCall.push(event);
      return;
    }
    if (event.type === 'tool-call-start') this.#begin(out);
    out.push(event);
  }

  #begin(out: TurnEvent[]): void {
    this.begunCalls++;
    out.push(...(this.#rules.beforeCall ?? (() => this.takeText()))());
  }

  #endCall(out: TurnEvent[]): void {
    this.#give({ type: 'tool-call-end', id: this.#callId }, out);
    if (this.#rules.holdsCalls) {
      this.#begin(out);
      out.push(...this.#heldCall);
      this.#heldCall = [];
    }
    this.calls++;
    if (this.#rules.oneCall) {
      this.stop = 'The client allows one call in an answer; the answer was ended after the first.';
    }
  }

  #cutCall(source: string, out: TurnEvent[]): void {
    if (this.#rules.holdsCalls) {
      this.#heldCall = [];
      this.invalid ??= 'It ended before its JSON was complete.';
      this.#heldInvalid.push(this.#takeLeadingSpace() + source);
      return;
    }
    out.push({ type: 'tool-call-end', id: this.#callId });
    this.calls++;
    this.cut = true;
    this.stop = 'The model broke off in the middle of a call whose beginning had already gone out.';
  }
}
