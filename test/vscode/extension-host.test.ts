import { test } from 'node:test';
import { describeOnHost } from './host.ts';

describeOnHost('the extension in a real extension host', (host) => {
  test('the activation suite', async (context) => {
    const server = await host.startServer({ testDriver: true });
    await host.runSuite(context, server, 'activation');
  });
});
