import type { FastifyReply, FastifyRequest } from 'fastify';
import { collect, missingEnd } from '../core/collect.ts';
import { encodeTogether } from '../core/encode-together.ts';
import { mostTogether } from '../core/event-batches.ts';
import type { TurnEvent } from '../core/events.ts';
import type { DecodedRequest, Protocol } from '../core/protocol.ts';
import { noTrace } from '../core/trace.ts';
import type { ControlServices } from './control/control-services.ts';
import { EventStream } from './event-stream.ts';
import { reportFailure } from './report-failure.ts';
import type { RequestRates } from './request-rates.ts';
import type { RunningTurn, RunningTurns } from './running-turns.ts';
import type { ServerSettings, Services } from './services.ts';
import { shownTo, TurnEvents } from './turn-events.ts';
import { checkTurnSize } from './turn-limits.ts';
import { closed, whenClientLeaves } from './when-client-leaves.ts';

export interface Delivery {
  readonly services: Services;
  readonly settings: ServerSettings;
  readonly running: RunningTurns;
  readonly rates: RequestRates;
  /** Present where other windows may attach. */
  readonly control?: ControlServices;
}

/** Answers one request in its dialect: decodes it, runs the turn, and sends the answer whole or as it comes. */
export async function deliver<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  request: FastifyRequest,
  reply: FastifyReply,
  delivery: Delivery,
): Promise<FastifyReply> {
  const { services, settings, running, rates } = delivery;
  const caller = request.caller?.name;
  rates.take(caller);
  services.expectTurn();
  const decoded = protocol.decodeRequest(request.body);
  const { recording } = request;
  recording?.decoded(protocol.name, decoded.turn, decoded.stream);
  checkTurnSize(decoded.turn);
  if (decoded.ignored.length > 0) recording?.note({ type: 'ignored', fields: decoded.ignored });

  const turn = running.begin(settings.timeoutMs);
  let events: TurnEvents | undefined;
  try {
    whenClientLeaves(reply, () => turn.clientLeft());
    const context = {
      signal: turn.signal,
      trace: recording ?? noTrace,
      // They are the owner's, and not of everybody who was given a key.
      fromThisComputer: request.local && request.caller?.mayInspect !== false,
      ...(caller === undefined ? {} : { caller }),
    };
    events = new TurnEvents(
      services.backend().run(decoded.turn, context),
      turn.signal,
      shownTo(decoded.turn, recording),
    );
    if (decoded.stream) return await stream(protocol, decoded, events, turn, reply, delivery);
    return reply.send(protocol.encodeResult(await collect(events), decoded));
  } catch (error) {
    throw turn.failure(error);
  } finally {
    turn.end(Promise.all([events?.settled(), closed(reply)]));
  }
}

async function stream<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  decoded: Request,
  events: TurnEvents,
  turn: RunningTurn,
  reply: FastifyReply,
  { services, settings }: Delivery,
): Promise<FastifyReply> {
  const { request } = reply;
  const encoder = protocol.createStreamEncoder(decoded);
  const out = new EventStream(reply, settings.keepAliveMs, {
    onText: (pieces) => request.recording?.clientData(...pieces),
    keepAlive: () => encoder.encode({ type: 'keep-alive' }),
  });
  let complete = false;
  const send = (together: readonly TurnEvent[]) => {
    complete = together.at(-1)?.type === 'turn-end';
    return out.write(...encodeTogether(encoder, together));
  };
  try {
    for await (const first of events) {
      if (send(withReady(first, events)) === 'full') await out.drained(turn.signal);
      if (complete) break;
    }
    if (!complete) throw missingEnd();
  } catch (error) {
    // Before the headers are out, the failure still gets a real status.
    if (!out.begun) throw error;
    const failure = turn.failure(error);
    reportFailure(failure, request.recording, services.logger);
    if (!complete) out.write(encoder.fail(failure));
  } finally {
    out.end();
  }
  return reply;
}

/** An event, and those that have come with it. */
function withReady(first: TurnEvent, events: TurnEvents): readonly TurnEvent[] {
  let together: readonly TurnEvent[] = [first];
  while (together.length < mostTogether) {
    const more = events.ready();
    if (more.length === 0) break;
    together = together.concat(more);
  }
  return together;
}
