import type { Settings } from '../../config/settings.ts';
import { withoutLocations } from '../../config/without-locations.ts';
import type { LogLine } from '../../recording/log-buffer.ts';
import { thisComputer } from '../../runtime/computer.ts';
import { version } from '../../version.ts';
import type { RunningProxy } from './running-proxy.ts';

/**
 * A proxy in front of a simulated Lingma, for this window alone: on a port of its own, as the usual one belongs to the proxy of all
 * windows. Rejects with the system's error when it cannot listen.
 */
export async function launchDemo(settings: Settings, show: (line: LogLine) => void): Promise<RunningProxy> {
  const [{ createProxy }, { startSimulator }] = await Promise.all([
    import('../../proxy.ts'),
    import('../../demo/simulator.ts'),
  ]);
  const simulator = await startSimulator();
  // The proxy finds the simulated Lingma as it would find the real one: by what lies in the home folder.
  const computer = { ...thisComputer(), home: simulator.home, env: simulator.environment };
  const forDemo = (wanted: Settings) => ({ ...withoutLocations(wanted), port: 0 });
  const proxy = createProxy(forDemo(settings), { version, show, computer });
  const close = async (graceMs?: number) => {
    await proxy.stop(graceMs);
    await simulator.close();
  };
  try {
    const url = await proxy.start();
    return {
      mode: 'demo',
      url,
      proxy,
      relation: 'own',
      owner: { kind: 'window', version, pid: process.pid },
      applySettings: async (changed) => proxy.applySettings(forDemo(changed)),
      close: (_ending, graceMs) => close(graceMs),
    };
  } catch (error) {
    await close(0);
    throw error;
  }
}
