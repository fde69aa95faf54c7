// The simulated upstream in a process of its own. A request says in its last message what it wants to be answered with:
// `bench:CHUNKS:RATE`, with a rate in chunks a second, or 0 for as fast as it goes. Chunks at a rate say when they were made.
import { type ReplyPart, steadyBrain } from '../../src/demo/brain.ts';
import { startSimulator } from '../../src/demo/simulator.ts';
import { epochMs } from './epoch.ts';

const simulator = await startSimulator({
  torn: false,
  keepRequests: 1,
  brain: (request) => {
    const text = request.backend === 'ipc' ? request.prompt : JSON.stringify(request.messages.at(-1));
    const [, chunks = '1', rate = '0'] =
      /bench:(\d+):(\d+)/.exec(text.slice(text.lastIndexOf('bench:'))) ?? [];
    const chunkCount = Number(chunks);
    if (rate === '0') return steadyBrain({ chunkCount, text: 'steady text ' })(request);
    return { parts: stamped(chunkCount), chunkSize: Infinity, chunksPerSecond: Number(rate) };
  },
});
process.send?.({
  environment: simulator.environment,
  url: simulator.remote.url,
  login: simulator.login,
});
process.on('message', (message: 'violations' | { latencyMs: number }) => {
  if (message === 'violations') {
    process.send?.({ violations: simulator.violations.slice(0, 3) });
  } else {
    simulator.setLatency(message.latencyMs);
    process.send?.({});
  }
});
process.once('SIGTERM', () => simulator.close().then(() => process.exit(0)));

function* stamped(count: number): Generator<ReplyPart> {
  for (let index = 0; index < count; index++) yield { text: `steady text ${epochMs().toFixed(3)} ` };
}
