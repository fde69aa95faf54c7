// The suites of an extension host on a desktop VS Code, or a fork of it, that is installed on this computer. After `npm run build`:
//   LINGMA_TEST_VSCODE=/usr/bin/code npm run test:desktop
// It opens windows, so on Linux without a screen it wants `xvfb-run` before it. Not part of `npm test`.
import { test } from 'node:test';
import { type SimulatorOptions, startSimulator } from '../../../src/demo/simulator.ts';
import { chatBrain } from '../chat-brain.ts';
import { runDesktopSuite } from './run-desktop-suite.ts';

const executable = process.env['LINGMA_TEST_VSCODE'];
if (!executable)
  throw new Error('Set LINGMA_TEST_VSCODE to the executable of a VS Code, such as /usr/bin/code.');

const suites: Readonly<Record<string, SimulatorOptions>> = {
  activation: {},
  proxy: {},
  chat: { brain: chatBrain },
};

for (const [name, options] of Object.entries(suites)) {
  test(`the ${name} suite on a desktop`, async (context) => {
    const simulator = await startSimulator(options);
    try {
      // The first chat is refused, as the chat suite expects.
      if (name === 'chat') simulator.setScenario('remote', [{ status: 403 }]);
      const { tests } = await runDesktopSuite(executable, name, simulator.environment);
      for (const { title, state, error } of tests) {
        await context.test(title, { skip: state === 'skipped' }, () => {
          if (state === 'failed') throw new Error(error);
        });
      }
    } finally {
      await simulator.close();
    }
  });
}
