import type { ApiName } from '../findings.ts';
import { redSquare } from '../test-picture.ts';

/** How one client API asks, and where its answers are. Every body is the whole, unstreamed form. */
export interface ApiCalls {
  readonly name: ApiName;
  readonly path: string;
  text(model: string): object;
  image(model: string): object;
  /** A request that has to be answered with a call. */
  tool(model: string): object;
  /** The conversation after the call, with its result. */
  toolResult(model: string, call: AnsweredCall): object;
  /** All text of an answer; '' when it is of another shape. */
  textOf(answer: unknown): string;
  /** The first call of an answer. */
  callOf(answer: unknown): AnsweredCall | undefined;
}

export interface AnsweredCall {
  readonly id: string;
  readonly name: string;
  /** JSON. */
  readonly arguments: string;
}

/** What is asked and offered through each API. Tokens: enough for a model that thinks before it says a word. */
export const mostTokens = 1_024;

export const question = 'Reply with the single word: pong.';
export const imageQuestion = 'Which colour has this picture? Reply with one word.';
export const toolQuestion = 'Use the tool lookup_capital to find the capital of France, then name it.';
export const toolName = 'lookup_capital';
export const toolDescription = 'Finds the capital of a country.';
export const toolSchema = {
  type: 'object',
  properties: { country: { type: 'string', description: 'The country’s English name.' } },
  required: ['country'],
  additionalProperties: false,
};
export const toolAnswer = 'Paris';
export const imageUrl = `data:image/png;base64,${redSquare}`;
