import type { Backend } from './core/backend.ts';
import { missingEnd } from './core/collect.ts';
import { ProxyError, toProxyError } from './core/errors.ts';
import type { TurnEvent } from './core/events.ts';
import type { Logger } from './core/logger.ts';
import type { Turn } from './core/turn.ts';
import { outcomeLine } from './recording/outcome-line.ts';
import type { Recorder } from './recording/recorder.ts';
import type { Recording } from './recording/recording.ts';
import { reportFailure } from './server/report-failure.ts';
import type { RunningTurns } from './server/running-turns.ts';
import { shownTo, TurnEvents } from './server/turn-events.ts';

/** Who asks for a turn without HTTP. */
export interface TurnCaller {
  /** The product, for the record. */
  readonly client: string;
  /** Aborted when nobody wants the answer any more. */
  readonly signal: AbortSignal;
}

export interface TurnServices {
  readonly backend: Backend;
  readonly recorder: Recorder;
  readonly running: RunningTurns;
  readonly logger: Logger;
  /** Milliseconds that the answer may take in all; 0: no limit. */
  readonly timeoutMs: number;
}

/** What the record says in the place of a dialect and a path. */
const api = 'vscode-chat';

/**
 * Runs a turn of a program in this process as the server runs one that came over HTTP: recorded, limited in time, ended by a stop.
 * The record holds the turn and the answer's events as JSON, one event a line. Begins when it is iterated; throws `ProxyError`. Who
 * wants to leave while it waits aborts the signal.
 */
export async function* runTurn(
  turn: Turn,
  { client, signal }: TurnCaller,
  services: TurnServices,
): AsyncGenerator<TurnEvent, void> {
  const { recorder, logger } = services;
  const recording = recorder.begin({ method: 'CALL', path: api, headers: {}, client });
  recording.clientRequest(JSON.stringify(turn));
  recording.decoded(api, turn, true);
  let isComplete = false;
  try {
    for await (const event of events(turn, signal, recording, services)) {
      recording.clientData(`${JSON.stringify(event)}\n`);
      isComplete = event.type === 'turn-end';
      yield event;
      if (isComplete) return;
    }
    throw missingEnd();
  } catch (error) {
    const failure = toProxyError(error);
    reportFailure(failure, recording, logger);
    throw failure;
  } finally {
    if (!isComplete)
      recording.failed(new ProxyError('cancelled', `${client} left before the answer was complete.`));
    recording.finish();
    const summary = recording.toSummary();
    logger.info({ message: () => `${summary.id} ${client} → ${outcomeLine(summary)}` });
  }
}

/** The events that the caller is to see, ended by whatever ends the turn. */
async function* events(
  turn: Turn,
  signal: AbortSignal,
  recording: Recording,
  { backend, running, timeoutMs }: TurnServices,
): AsyncGenerator<TurnEvent, void> {
  const run = running.begin(timeoutMs);
  const leave = () => run.clientLeft();
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  const answer = backend.run(turn, { signal: run.signal, trace: recording });
  const shown = new TurnEvents(answer, run.signal, shownTo(turn, recording));
  try {
    yield* shown;
  } catch (error) {
    throw run.failure(error);
  } finally {
    signal.removeEventListener('abort', leave);
    run.end(shown.settled());
  }
}
