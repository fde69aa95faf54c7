import type { ExchangeHead, KeptRequest, TimedNote } from '../recording/record.ts';
import type { ExchangeDetail, RequestDetail } from '../shared/inspector-calls.ts';
import { timeSpans } from './time-spans.ts';
import { findViolations } from './validation/find-violations.ts';

/** What is shown of a request besides its bodies. */
export function requestDetail(request: KeptRequest): RequestDetail {
  const violations = request.check(findViolations);
  const { requestHeaders, responseHeaders, upstream, notes } = request.toHead();
  const summary = request.toSummary();
  return {
    summary,
    requestHeaders,
    responseHeaders,
    exchanges: upstream.map(exchangeDetail),
    notes: notes.map((note) => ({ atMs: note.atMs, type: note.type, text: describe(note) })),
    timing: timeSpans(summary, notes, upstream),
    violations,
  };
}

function exchangeDetail({ headers, responseHeaders, ...exchange }: ExchangeHead): ExchangeDetail {
  return { ...exchange, requestHeaders: headers, responseHeaders: responseHeaders ?? {} };
}

function describe(note: TimedNote): string {
  switch (note.type) {
    case 'ignored':
      return `Without effect: ${note.fields.join(', ')}`;
    case 'model':
      return `${note.asked || '(no model)'} → ${note.used || 'the upstream’s own choice'} (${note.rule})`;
    case 'admitted':
      return `Let in after ${Math.round(note.waitedMs)} ms`;
    case 'attempt':
      return `${note.backend}: ${note.model} (${note.why})`;
    case 'oddity':
    case 'remark':
      return note.text;
    default:
      return note satisfies never;
  }
}
