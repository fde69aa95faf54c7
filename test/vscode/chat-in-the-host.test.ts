import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { chatBrain } from './chat-brain.ts';
import { describeOnHost } from './host.ts';

describeOnHost('Lingma’s models in the chat of a real VS Code', (host) => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ brain: chatBrain });
  });
  after(() => simulator.close());

  test('the chat suite', async (context) => {
    // The first chat is refused.
    simulator.setScenario('remote', [{ status: 403 }]);
    const server = await host.startServer({ testDriver: true, environment: simulator.environment });
    await host.runSuite(context, server, 'chat');
    await simulator.until(() => simulator.remote.openRequests === 0, 'the cancelled turn has ended upstream');
    assert.equal(simulator.remote.requests.filter(({ aborted }) => aborted).length, 1);
    assert.deepEqual(simulator.violations, []);
  });
});
