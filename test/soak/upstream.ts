// The simulated Lingma in a process of its own, whose model answers by plan. It is told what to do over the channel to its parent.
import type { Reply, ReplyPart, SimulatedRequest } from '../../src/demo/brain.ts';
import { startSimulator } from '../../src/demo/simulator.ts';
import { question } from './dialects.ts';
import { planOf } from './plan.ts';
import type { UpstreamCommand, UpstreamState } from './upstream-process.ts';

/** Characters of an endless answer that were taken so far, by its number. */
const taken = new Map<string, number>();
const endlessPart = { text: 'An answer without end. '.repeat(40) };

const simulator = await startSimulator({ torn: false, keepRequests: 1, brain });

function brain(request: SimulatedRequest): Reply {
  const said =
    request.backend === 'ipc' ? request.prompt : request.messages.map(({ content }) => content).join('\n');
  const endless = /\[endless (\w+)\]/.exec(said)?.[1];
  if (endless !== undefined) return { parts: endlessParts(endless), chunkSize: Number.POSITIVE_INFINITY };
  const seed = /\[soak (\d+)\]/.exec(said)?.[1];
  if (seed === undefined) return { parts: [{ text: 'ok' }] };
  const plan = planOf(Number(seed));
  const { history, image, answer, chunkSize, chunksPerSecond } = plan;
  if (!said.includes(history)) return { parts: [{ text: 'the history did not arrive as it was sent' }] };
  if (!said.includes(question(plan))) return { parts: [{ text: 'the question did not arrive' }] };
  if (image && request.backend === 'ipc' && request.images.length !== 1) {
    return { parts: [{ text: 'the image did not arrive' }] };
  }
  const parts: ReplyPart[] = [
    ...(answer.reasoning === '' ? [] : [{ thought: answer.reasoning }]),
    { text: answer.text },
    ...answer.calls.map(({ name, input }) => ({ toolCall: { name, arguments: input } })),
  ];
  return { parts, chunkSize, ...(chunksPerSecond === undefined ? {} : { chunksPerSecond }) };
}

function* endlessParts(name: string): Generator<ReplyPart> {
  for (let characters = 0; ; characters += endlessPart.text.length) {
    taken.set(name, characters);
    yield endlessPart;
  }
}

function state(): UpstreamState {
  const { remote, ipc } = simulator;
  return {
    sessions: ipc.sessions.size,
    usedSessions: [...ipc.sessions.values()].filter(({ promptCount }) => promptCount > 0).length,
    runningTurns: ipc.runningTurns,
    openRequests: remote.openRequests,
    openConnections: remote.openConnections + ipc.openConnections,
    requestsEver: remote.chatsEver + ipc.promptsEver,
    taken: Object.fromEntries(taken),
    violations: simulator.violations.slice(0, 5),
  };
}

process.on('message', async (command: UpstreamCommand) => {
  if (command === 'restart the runtime') await simulator.ipc.restart();
  if (command === 'rotate the login') simulator.rotateLogin();
  process.send?.(state());
});
process.once('SIGTERM', () => simulator.close().then(() => process.exit(0)));
process.send?.({ environment: simulator.environment });
