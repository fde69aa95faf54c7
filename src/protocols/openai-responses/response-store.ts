/** An answer and the conversation that led to it, as items of the Responses dialect. */
export interface StoredResponse {
  readonly id: string;
  /** All items up to and including this answer's own, earlier responses of the chain included. */
  readonly conversation: readonly unknown[];
  /** The items of this answer, each with an `id`. */
  readonly output: readonly { readonly id: string }[];
}

/** What the dialect needs of a memory of earlier answers: `previous_response_id` and `item_reference` are looked up here. */
export interface ResponseStore {
  /** The items of the conversation that ended with this response; undefined when it is unknown (any more). */
  conversation(responseId: string): readonly unknown[] | undefined;
  item(itemId: string): unknown;
  save(response: StoredResponse): void;
}
