import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { median } from '../bench/statistics.ts';
import { describeOnHost } from './host.ts';
import { recordMeasurement } from './measurements.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

const version = readFileSync(join(import.meta.dirname, '..', '..', 'VERSION'), 'utf8').trim();

describeOnHost('the packaged extension in the workbench', (host) => {
  let workbench: Workbench;
  before(async () => {
    const server = await host.startServer({ extensions: [packagedExtension()] });
    workbench = await host.openWorkbench(server);
  });

  test('"Lingma Proxy: Show Version" is found in the palette and shows a message', async () => {
    await workbench.command('Lingma Proxy: Show Version');
    const toast = workbench.notification(`Lingma Proxy ${version}`);
    await toast.waitFor();
    await workbench.screenshot('show-version');
    await toast.hover();
    await toast.getByRole('button', { name: 'Clear Notification' }).click();
    await toast.waitFor({ state: 'detached' });
  });

  test('VS Code knows how long the activation took', async (context) => {
    const times: number[] = [];
    // The window shares the processors with what is being activated, so that each start differs.
    while (times.length < 5) {
      if (times.length > 0) await workbench.reload();
      await workbench.statusBarItem('status').waitFor();
      times.push(await workbench.activationTime('Lingma Proxy'));
    }
    context.diagnostic(`in turn: ${times.join(', ')} ms`);
    recordMeasurement(context, { name: 'activation', value: median(times), unit: 'ms' });
    assert.ok(times.every((time) => time >= 0));
  });
});
