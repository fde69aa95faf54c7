import type { FastifyReply } from 'fastify';

/** Calls back when the client leaves before it has its answer, or has left already. */
export function whenClientLeaves({ raw }: FastifyReply, leave: () => void): void {
  const onClose = () => {
    if (!raw.writableFinished) leave();
  };
  if (raw.closed || raw.destroyed) onClose();
  else raw.once('close', onClose);
}

/** Resolves once the client has its answer or has left. */
export function closed({ raw }: FastifyReply): Promise<void> {
  return new Promise((resolve) => {
    if (raw.closed || raw.destroyed) resolve();
    else raw.once('close', resolve);
  });
}

/** A signal that is aborted when the client leaves before it has its answer. */
export function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  whenClientLeaves(reply, () => controller.abort());
  return controller.signal;
}
