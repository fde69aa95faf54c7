import assert from 'node:assert/strict';
import sharp from 'sharp';
import { fixedBrain, type SimulatedRequest } from '../../src/demo/brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { startProxyProcess } from '../clients/proxy-process.ts';

interface ServingProxy {
  readonly url: string;
  stop(): Promise<unknown>;
}

/** What the runtime has to get to see of the picture. */
export const scaledDown = { width: 1_568, height: 784, format: 'jpeg' };

/**
 * Asks a packaged proxy about a picture of 3,000 × 1,500 pixels, and resolves to what a simulated Lingma's runtime got to see. `serve` starts
 * the proxy on the ipc backend, in the simulator's home, which holds nothing else.
 */
export async function pictureThatArrives(
  serve: (simulator: Simulator) => Promise<ServingProxy>,
): Promise<typeof scaledDown> {
  const asked: SimulatedRequest[] = [];
  const answer = fixedBrain([{ text: 'A large blue picture.' }]);
  const simulator = await startSimulator({
    ipc: { flavour: 'qoder' },
    brain: (request) => {
      asked.push(request);
      return answer(request);
    },
  });
  try {
    const proxy = await serve(simulator);
    try {
      await ask(proxy.url);
    } finally {
      await proxy.stop();
    }
    const [request] = asked;
    assert.ok(request?.backend === 'ipc');
    const { width, height, format } = await sharp(request.images[0]?.bytes).metadata();
    return { width, height, format };
  } finally {
    await simulator.close();
  }
}

/** Starts a packaged command line, which `command` runs. */
export function commandLine(command: readonly [string, ...string[]]) {
  return ({ environment }: Simulator) => startProxyProcess(['--backend', 'ipc'], environment, command);
}

async function ask(url: string): Promise<void> {
  const picture = sharp({ create: { width: 3_000, height: 1_500, channels: 3, background: 'blue' } });
  const data = (await picture.png().toBuffer()).toString('base64');
  const content = [
    { type: 'text', text: 'What is this?' },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
  ];
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'kmodel', max_tokens: 100, messages: [{ role: 'user', content }] }),
  });
  assert.equal(response.status, 200, await response.text());
}
