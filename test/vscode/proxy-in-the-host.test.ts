import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { describeOnHost } from './host.ts';

describeOnHost('the proxy in a real extension host', (host) => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  after(() => simulator.close());

  test('the proxy suite', async (context) => {
    const server = await host.startServer({ testDriver: true, environment: simulator.environment });
    await host.runSuite(context, server, 'proxy');
  });
});
