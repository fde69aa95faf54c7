// The simulated upstream in a process of its own. A request says in its last message what it wants to be answered with:
// `bench:CHUNKS:RATE`, with a rate in chunks a second, or 0 for as fast as it goes.
import { steadyBrain } from '../../src/demo/brain.ts';
import { startSimulator } from '../../src/demo/simulator.ts';

const chunkText = 'steady text ';

const simulator = await startSimulator({
  torn: false,
  keepRequests: 1,
  brain: (request) => {
    const text = request.backend === 'ipc' ? request.prompt : (request.messages.at(-1)?.content ?? '');
    const [, chunks = '1', rate = '0'] =
      /bench:(\d+):(\d+)/.exec(text.slice(text.lastIndexOf('bench:'))) ?? [];
    const options = { chunkCount: Number(chunks), text: chunkText };
    return steadyBrain(rate === '0' ? options : { ...options, chunkRate: Number(rate) })(request);
  },
});
process.send({
  environment: simulator.environment,
  url: simulator.remote.url,
  login: simulator.login,
});
process.on('message', (message) => {
  if (message === 'violations') process.send({ violations: simulator.violations.slice(0, 3) });
});
process.once('SIGTERM', () => simulator.close().then(() => process.exit(0)));
