import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Brain } from '../../src/demo/brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { describeOnHost } from './host.ts';

/** Answers what the suite asks. */
const brain: Brain = (request) => {
  if (request.backend === 'ipc') {
    const [image] = request.images;
    return { parts: [{ text: `${image?.mimeType}, ${image?.bytes.length} bytes` }] };
  }
  const last = request.messages.at(-1);
  if (last?.role === 'tool') return { parts: [{ text: `They say: ${last.content}` }] };
  const text = last?.content ?? '';
  if (text.includes('slowly')) {
    return {
      parts: Array.from({ length: 10_000 }, (_, count) => ({ text: `${count} ` })),
      chunksPerSecond: 20,
    };
  }
  if (request.tools.length > 0) {
    return { parts: [{ toolCall: { name: 'get_weather', arguments: { city: 'Hangzhou' } } }] };
  }
  const thoughts = request.reasoning ? [{ thought: 'Let me see.' }] : [];
  return { parts: [...thoughts, { text: 'Good day to you. 你好！👋' }] };
};

describeOnHost('Lingma’s models in the chat of a real VS Code', (host) => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ brain });
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
