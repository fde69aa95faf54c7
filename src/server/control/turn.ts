import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { tellFailure } from '../../control/tell-failure.ts';
import { type TurnStep, turnSchema } from '../../control/turn-json.ts';
import { ProxyError, toProxyError } from '../../core/errors.ts';
import { formatSse } from '../../core/sse.ts';
import { EventStream } from '../event-stream.ts';
import { signalOf } from '../when-client-leaves.ts';
import type { ControlServices } from './control-services.ts';

const keepAliveMs = 15_000;
const turnRequest = z.looseObject({ turn: turnSchema, client: z.string() });

/** Runs a turn for another process, step by step as it comes. One that leaves cancels it. */
export async function sendTurn(
  services: ControlServices,
  { body }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asked = turnRequest.safeParse(body);
  if (!asked.success) {
    throw new ProxyError('invalid-request', 'This is no turn that this version of Lingma Proxy can read.');
  }
  const { turn, client } = asked.data;
  const signal = signalOf(reply);
  const format = (step: TurnStep) => formatSse(JSON.stringify(step));
  const stream = new EventStream(reply, keepAliveMs, {
    onText: () => {},
    keepAlive: () => format({ event: { type: 'keep-alive' } }),
  });
  try {
    for await (const event of services.runTurn(turn, { client, signal })) {
      if (stream.write(format({ event })) === 'full') await stream.drained(signal);
    }
  } catch (error) {
    stream.write(format({ failure: tellFailure(toProxyError(error)) }));
  } finally {
    stream.end();
  }
  return reply;
}
