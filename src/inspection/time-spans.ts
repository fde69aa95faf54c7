import type { ExchangeHead, TimedNote } from '../recording/record.ts';
import type { TimeSpan } from '../shared/inspector-calls.ts';
import type { RequestSummary } from '../shared/requests.ts';

/** Where the time of a request went, as its notes and exchanges tell. What nothing tells of is left out. */
export function timeSpans(
  { durationMs, firstTokenMs }: RequestSummary,
  notes: readonly TimedNote[],
  exchanges: readonly ExchangeHead[],
): TimeSpan[] {
  const session = sessionSpan(exchanges);
  const attempts = attemptSpans(notes, firstTokenMs ?? durationMs);
  const asked = attempts.at(-1)?.fromMs ?? askedAt(exchanges);
  return [
    ...queueSpan(notes),
    ...session,
    // One attempt is what the time to the first token shows by itself.
    ...(attempts.length > 1 ? attempts : []),
    ...(asked === undefined || firstTokenMs === undefined
      ? []
      : [span('first-token', Math.max(asked, session[0]?.toMs ?? 0), firstTokenMs)]),
    ...(firstTokenMs === undefined ? [] : [span('stream', firstTokenMs, durationMs)]),
  ];
}

function queueSpan(notes: readonly TimedNote[]): TimeSpan[] {
  const admitted = notes.find((note) => note.type === 'admitted');
  return admitted ? [span('queue', admitted.atMs - admitted.waitedMs, admitted.atMs)] : [];
}

/** From the first call that prepares a session of the local runtime to the prompt; nothing where one was ready. */
function sessionSpan(exchanges: readonly ExchangeHead[]): TimeSpan[] {
  const [first] = exchanges;
  const prompt = exchanges.find(({ target }) => target === 'session/prompt');
  if (!first || !prompt || first === prompt || first.method !== 'JSON-RPC') return [];
  return [span('session', first.atMs, prompt.atMs)];
}

function attemptSpans(notes: readonly TimedNote[], endMs: number): TimeSpan[] {
  const attempts = notes.filter((note) => note.type === 'attempt');
  return attempts.map(({ atMs, backend, model, why }, index) => ({
    ...span('attempt', atMs, attempts[index + 1]?.atMs ?? endMs),
    attempt: index,
    text: `${backend}: ${model} (${why})`,
  }));
}

function askedAt(exchanges: readonly ExchangeHead[]): number | undefined {
  const prompt = exchanges.findLast(({ target }) => target === 'session/prompt');
  return (prompt ?? exchanges.findLast(({ method }) => method !== 'JSON-RPC'))?.atMs;
}

function span(name: TimeSpan['name'], fromMs: number, toMs: number): TimeSpan {
  const from = Math.max(0, fromMs);
  return { name, fromMs: rounded(from), toMs: rounded(Math.max(from, toMs)) };
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
