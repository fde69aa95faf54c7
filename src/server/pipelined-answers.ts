import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Closes the answers that wait behind another one on their connection (pipelining) when the connection is gone. Older Nodes (20
 * does) tell only the answer that is being written; the others would keep their turns, their places and their records for ever.
 */
export function closePipelinedAnswers(server: Server): void {
  const answersOf = new WeakMap<Socket, Set<ServerResponse>>();
  server.on('connection', (socket: Socket) => {
    const answers = new Set<ServerResponse>();
    answersOf.set(socket, answers);
    socket.once('close', () => {
      for (const answer of answers) close(answer);
    });
  });
  server.on('request', ({ socket }, answer) => {
    const answers = answersOf.get(socket);
    answers?.add(answer);
    answer.once('close', () => answers?.delete(answer));
  });
}

/** One without a socket says nothing of its end by itself. */
function close(answer: ServerResponse): void {
  answer.destroy();
  answer.emit('close');
}
