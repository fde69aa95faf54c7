import type { RequestSummary } from '../../src/shared/requests.ts';

/** Whether it is listed under "errors": it failed, was refused, or broke a rule of its dialect. */
export function isError({ state, statusCode = 0, error, brokenRules = 0 }: RequestSummary): boolean {
  return state === 'failed' || statusCode >= 400 || error !== undefined || brokenRules > 0;
}
