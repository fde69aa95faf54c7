import type { CheckedAnswer } from '../../recording/record.ts';
import type { Violation } from '../../shared/inspector-calls.ts';
import { checkStream } from './check-stream.ts';
import { checkWhole } from './check-whole.ts';

/** Failures by which the proxy says that the request itself was wrong. */
const requestsOwnFaults: ReadonlySet<string> = new Set([
  'invalid-request',
  'unsupported-feature',
  'context-length-exceeded',
  'request-too-large',
  'unsupported-media-type',
  'model-not-found',
]);

/** What is wrong with a request and its answer: rules of the dialect that were broken, and what had no effect. */
export function findViolations(answer: CheckedAnswer): Violation[] {
  return [...requestViolations(answer), ...responseViolations(answer)];
}

function requestViolations({ notes, error }: CheckedAnswer): Violation[] {
  const violations: Violation[] = [];
  if (error && requestsOwnFaults.has(error.kind)) {
    violations.push({
      side: 'request',
      severity: 'error',
      rule: `request/${error.kind}`,
      text: error.message,
    });
  }
  const fields = new Set(notes.flatMap((note) => (note.type === 'ignored' ? note.fields : [])));
  for (const field of fields) {
    violations.push({
      side: 'request',
      severity: 'warning',
      rule: 'request/ignored',
      text: `${field} has no effect.`,
    });
  }
  return violations;
}

function responseViolations(answer: CheckedAnswer): Violation[] {
  const { api, stream, state, statusCode, response, isWhole } = answer;
  if (api === '' || statusCode === undefined || (response === '' && !isWhole)) return [];
  // A client that left has not got the rest; that is nobody's fault.
  const hasEnded = isWhole && (state === 'done' || state === 'failed');
  if (stream && statusCode < 400) return checkStream(api, response, hasEnded);
  return hasEnded && response !== '' ? checkWhole(api, response, statusCode) : [];
}
