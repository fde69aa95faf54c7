import assert from 'node:assert/strict';
import sharp from 'sharp';
import { fixedBrain, type SimulatedRequest } from '../../src/demo/brain.ts';
import { startSimulator } from '../../src/demo/simulator.ts';
import { startProxyProcess } from '../clients/proxy-process.ts';

/**
 * Asks a packaged command line, which `command` starts, about a picture of 3,000 × 1,500 pixels. Its home holds nothing but a simulated
 * Lingma. Resolves to what that Lingma's runtime got to see.
 */
export async function pictureThatArrives(
  command: readonly [string, ...string[]],
): Promise<{ readonly width: number; readonly height: number; readonly format: string }> {
  const asked: SimulatedRequest[] = [];
  const answer = fixedBrain([{ text: 'A large blue picture.' }]);
  const simulator = await startSimulator({
    ipc: { flavour: 'qoder' },
    brain: (request) => {
      asked.push(request);
      return answer(request);
    },
  });
  const proxy = await startProxyProcess(['--backend', 'ipc'], simulator.environment, command);
  try {
    const picture = sharp({ create: { width: 3_000, height: 1_500, channels: 3, background: 'blue' } });
    const data = (await picture.png().toBuffer()).toString('base64');
    const content = [
      { type: 'text', text: 'What is this?' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
    ];
    const response = await fetch(`${proxy.url}/v1/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({ model: 'kmodel', max_tokens: 100, messages: [{ role: 'user', content }] }),
    });
    assert.equal(response.status, 200, await response.text());
    const [request] = asked;
    assert.ok(request?.backend === 'ipc');
    const { width, height, format } = await sharp(request.images[0]?.bytes).metadata();
    return { width, height, format };
  } finally {
    await proxy.stop();
    await simulator.close();
  }
}
