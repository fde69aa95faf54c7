import { type ErrorDetails, ProxyError } from '../../core/errors.ts';

/** A change to the set of tools that the client makes in mid-conversation. */
export type ToolChange =
  | { readonly type: 'add'; readonly definition: unknown }
  | { readonly type: 'restore'; readonly name: string }
  | { readonly type: 'remove'; readonly name: string };

/** What is gathered beside the turn while one request is decoded. */
export class DecodeContext {
  readonly toolChanges: ToolChange[] = [];
  /** The last effort that a system message inside the conversation set. */
  effort: string | undefined;
  readonly #ignored = new Set<string>();
  readonly #purpose: 'answer' | 'count';

  /** `count`: the request is only measured, so what cannot be answered is left out instead of refused. */
  constructor(purpose: 'answer' | 'count') {
    this.#purpose = purpose;
  }

  get ignored(): readonly string[] {
    return [...this.#ignored];
  }

  /** Notes a field, in the client's notation, that is accepted and has no effect. */
  ignore(field: string): void {
    this.#ignored.add(field);
  }

  /** Throws `unsupported-feature` for a request that is to be answered; when counting it only notes the field. */
  refuse(param: string, message: string, details: ErrorDetails = {}): void {
    if (this.#purpose === 'answer')
      throw new ProxyError('unsupported-feature', message, { ...details, param });
    this.ignore(param);
  }
}
