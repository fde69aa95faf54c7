import type { FastifyReply, FastifyRequest } from 'fastify';
import { collect, missingEnd } from '../core/collect.ts';
import type { TurnEvent } from '../core/events.ts';
import type { DecodedRequest, Protocol } from '../core/protocol.ts';
import { noTrace } from '../core/trace.ts';
import type { Turn } from '../core/turn.ts';
import type { Recording } from '../recording/recording.ts';
import { EventStream } from './event-stream.ts';
import type { RunningTurn, RunningTurns } from './running-turns.ts';
import type { ServerSettings, Services } from './services.ts';

export interface Delivery {
  readonly services: Services;
  readonly settings: ServerSettings;
  readonly running: RunningTurns;
}

/** Answers one request in its dialect: decodes it, runs the turn, and sends the answer whole or as it comes. */
export async function deliver<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  request: FastifyRequest,
  reply: FastifyReply,
  { services, settings, running }: Delivery,
): Promise<FastifyReply> {
  const decoded = protocol.decodeRequest(request.body);
  const { recording } = request;
  recording?.decoded(protocol.name, decoded.turn, decoded.stream);
  if (decoded.ignored.length > 0) recording?.note({ type: 'ignored', fields: decoded.ignored });

  const turn = running.begin(settings.timeoutMs);
  reply.raw.once('close', () => turn.clientLeft());
  try {
    const context = { signal: turn.signal, trace: recording ?? noTrace };
    const events = services.backend().run(decoded.turn, context);
    if (!decoded.stream) {
      const result = await collect(shown(events, decoded.turn, recording));
      return await reply.send(protocol.encodeResult(result, decoded));
    }
    return await stream(protocol, decoded, events, turn, reply, settings);
  } catch (error) {
    const failure = turn.failure(error);
    recording?.failed(failure);
    throw failure;
  } finally {
    turn.end();
  }
}

async function stream<Request extends DecodedRequest>(
  protocol: Protocol<Request>,
  decoded: Request,
  events: AsyncIterable<TurnEvent>,
  turn: RunningTurn,
  reply: FastifyReply,
  settings: ServerSettings,
): Promise<FastifyReply> {
  const { recording } = reply.request;
  const encoder = protocol.createStreamEncoder(decoded);
  const out = new EventStream(reply, settings.keepAliveMs, {
    onText: (text) => recording?.clientData(text),
    keepAlive: () => encoder.encode({ type: 'keep-alive' }),
  });
  let complete = false;
  try {
    for await (const event of shown(events, decoded.turn, recording)) {
      if (event.type === 'turn-end') complete = true;
      const text = encoder.encode(event);
      if (out.write(text) === 'full') await out.drained();
      if (complete) break;
    }
    if (!complete) throw missingEnd();
  } catch (error) {
    // Before the headers are out, the failure still gets a real status.
    if (!out.begun) throw error;
    const failure = turn.failure(error);
    recording?.failed(failure);
    out.write(encoder.fail(failure));
  } finally {
    out.end();
  }
  return reply;
}

/** The events that the client is to see; all are recorded. Thoughts are only for who asked for them. */
async function* shown(
  events: AsyncIterable<TurnEvent>,
  turn: Turn,
  recording: Recording | undefined,
): AsyncGenerator<TurnEvent> {
  for await (const event of events) {
    recording?.event(event);
    if (event.type !== 'reasoning-delta' || turn.reasoning !== undefined) yield event;
  }
}
