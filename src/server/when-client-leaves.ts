import type { FastifyReply } from 'fastify';

/** Calls back when the client leaves before it has its answer, or has left already. */
export function whenClientLeaves({ raw }: FastifyReply, leave: () => void): void {
  const onClose = () => {
    if (!raw.writableFinished) leave();
  };
  if (raw.closed || raw.destroyed) onClose();
  else raw.once('close', onClose);
}

/** A signal that is aborted when the client leaves before it has its answer. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  whenClientLeaves(reply, () => controller.abort());
  return controller.signal;
}
