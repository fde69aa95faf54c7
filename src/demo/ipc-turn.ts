import { badFrames } from './bad-frames.ts';
import { cutText, type Reply, renderActionBlock } from './brain.ts';
import type { IpcTransport } from './ipc-transport.ts';
import { breathe, Pace, untilAborted } from './pace.ts';
import type { IpcScenario } from './scenarios.ts';

/** One prompt being answered. */
export interface IpcTurn {
  readonly sessionId: string;
  readonly requestId: string;
  readonly transport: IpcTransport;
  readonly scenario: IpcScenario;
  readonly torn: boolean;
  /** Characters of the prompt, for `context_usage`. */
  readonly promptLength: number;
  readonly limitTokens: number;
  readonly chunksPerSecond: number | undefined;
  /** Aborted when the turn is cancelled, its session deleted or the connection gone. */
  readonly signal: AbortSignal;
  /** Answers `session/prompt` itself. */
  readonly reply: (result: unknown) => void;
  readonly restart: () => void;
  /** Sends the client a request. */
  readonly ask: () => void;
}

/** How a turn ended: on its own, or because someone stopped it, or because a scenario took the connection away. */
export type TurnOutcome = 'finished' | 'stopped' | 'broken';

/** Chunks that are sent without listening: a client that keeps up must still be able to cancel. */
const deafChunks = 256;

/** Sends a reply's notifications, shaped by the scenario. */
export async function streamTurn(turn: IpcTurn, reply: Reply): Promise<TurnOutcome> {
  const { scenario, transport, signal } = turn;
  const pace = new Pace(scenario.chunksPerSecond ?? reply.chunksPerSecond ?? turn.chunksPerSecond, signal);
  const started = Date.now();
  let chunks = 0;
  let characters = 0;
  if (scenario.promptReply === 'first') turn.reply({ stopReason: 'end_turn' });
  for (const { thought, text } of pieces(reply)) {
    if (chunks === scenario.stallAfterChunks) await untilAborted(signal);
    if (breakConnection(turn, chunks)) return 'broken';
    if (!pace.unlimited) await pace.next();
    if (signal.aborted) return 'stopped';
    const duration = { 'ai-coding/thinking-duration-millis': Date.now() - started };
    update(turn, {
      sessionUpdate: thought ? 'agent_thought_chunk' : 'agent_message_chunk',
      content: { type: 'text', text },
      ...(thought ? { _meta: duration } : {}),
    });
    chunks++;
    characters += text.length;
    if (scenario.foreignUpdates) sendForeign(turn);
    if (scenario.outOfOrder) sendUnknown(turn);
    if (scenario.serverRequests) turn.ask();
    await transport.drained();
    if (turn.torn || chunks % deafChunks === 0) await breathe();
  }
  if (chunks <= (scenario.stallAfterChunks ?? -1)) await untilAborted(signal);
  if (signal.aborted) return 'stopped';
  sendContextUsage(turn, characters);
  await finish(turn);
  return 'finished';
}

async function finish(turn: IpcTurn): Promise<void> {
  const { scenario, signal } = turn;
  const { chatFinish, promptReply } = scenario;
  if (chatFinish !== 'never') sendFinish(turn, chatFinish?.reason ?? 'success', chatFinish?.statusCode);
  if (scenario.outOfOrder) {
    update(turn, {
      sessionUpdate: 'agent_message_chunk',
      content: { type: 'text', text: 'stray text after the end' },
    });
    sendFinish(turn, 'success');
  }
  if (promptReply === 'late') {
    for (let tick = 0; tick < 20 && !signal.aborted; tick++) await breathe();
  }
  if (promptReply !== 'never' && promptReply !== 'first') turn.reply({ stopReason: 'end_turn' });
}

/** Tells the client that its turn is over before its time. */
export function sendFinish(turn: IpcTurn, reason: string, statusCode = 200): void {
  update(turn, { sessionUpdate: 'notification', type: 'chat_finish', data: { reason, statusCode } });
}

function sendContextUsage(turn: IpcTurn, characters: number): void {
  const usedTokens = Math.ceil((turn.promptLength + characters) / 4);
  update(turn, {
    sessionUpdate: 'notification',
    type: 'context_usage',
    data: { usedTokens, limitTokens: turn.limitTokens },
  });
}

function* pieces(reply: Reply): Generator<{ thought: boolean; text: string }> {
  const size = reply.chunkSize ?? 12;
  for (const part of reply.parts) {
    const thought = 'thought' in part;
    const whole = thought ? part.thought : 'text' in part ? part.text : renderActionBlock(part.toolCall);
    for (const text of cutText(whole, size)) yield { thought, text };
  }
}

/** Plays the faults that take the connection away; true when one did. */
function breakConnection(turn: IpcTurn, chunks: number): boolean {
  const { badFrame, killAfterChunks, closeAfterChunks, restartAfterChunks } = turn.scenario;
  if (chunks === restartAfterChunks) turn.restart();
  else if (chunks === killAfterChunks) turn.transport.kill();
  else if (chunks === closeAfterChunks) turn.transport.close();
  else {
    // The runtime itself goes on after a bad frame; what the client makes of the rest is its own affair.
    if (chunks === badFrame?.afterChunks) turn.transport.sendRaw(badFrames[badFrame.kind]);
    return false;
  }
  return true;
}

function sendForeign(turn: IpcTurn): void {
  const foreign = {
    sessionUpdate: 'agent_message_chunk',
    content: { type: 'text', text: 'text of somebody else' },
  };
  update({ ...turn, requestId: 'request-of-somebody-else' }, foreign);
  update({ ...turn, requestId: 'request-of-nobody', sessionId: 'session-of-somebody-else' }, foreign);
  sendFinish({ ...turn, requestId: 'request-of-somebody-else' }, 'error', 500);
}

function sendUnknown(turn: IpcTurn): void {
  update(turn, { sessionUpdate: 'available_commands_update', availableCommands: [] });
  update(turn, { sessionUpdate: 'notification', type: 'something_new', data: null });
  turn.transport.send(JSON.stringify({ jsonrpc: '2.0', method: 'workspace/didSomething', params: {} }));
}

function update(turn: IpcTurn, content: object): void {
  const params = {
    sessionId: turn.sessionId,
    update: content,
    _meta: { 'ai-coding/request-id': turn.requestId },
  };
  turn.transport.send(JSON.stringify({ jsonrpc: '2.0', method: 'session/update', params }));
}
