import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Recorder } from '../recording/recorder.ts';
import type { RequestSummary } from '../shared/requests.ts';
import { findViolations } from './validation/find-violations.ts';

/** Milliseconds for checking answers that ended before anybody looked; the others are checked when they are opened. */
const checkingMs = 100;

/** All requests, newest first. The newest ones have been checked for broken rules. */
export async function listRequests(recorder: Recorder): Promise<RequestSummary[]> {
  const deadline = performance.now() + checkingMs;
  for (const request of recorder.newest(Number.MAX_SAFE_INTEGER)) {
    if (performance.now() > deadline) break;
    if (!request.hasEnded || request.toSummary().brokenRules !== undefined) continue;
    request.check(findViolations);
    await nextTurn();
  }
  return recorder.summaries(Number.MAX_SAFE_INTEGER);
}
