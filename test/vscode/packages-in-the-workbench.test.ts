import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureThatArrives, scaledDown } from '../packaging/scaled-picture.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';

describeOnHost('packages in the workbench', (host) => {
  for (const target of ['this-computer', 'universal'] as const) {
    test(`the one for ${target} is installed, starts, and scales a large picture down`, async () => {
      const arrived = await pictureThatArrives(async ({ environment }) => {
        const server = await host.startServer({
          extensions: [packagedExtension(target)],
          settings: { 'lingmaProxy.backend': 'ipc' },
          environment: { ...environment, LINGMA_PROXY_PORT: '0' },
        });
        const workbench = await host.openWorkbench(server);
        await workbench.openSideBar('Lingma Proxy');
        await workbench.view('Status').locator('.monaco-button', { hasText: 'Start' }).click();
        await workbench.statusBarItem('status').filter({ hasText: 'Lingma: local runtime' }).waitFor();
        const endpoint = (await workbench.treeItem('Status', 'Endpoint').textContent()) ?? '';
        const url = /http:\/\/[\d.]+:\d+/.exec(endpoint)?.[0];
        assert.ok(url, endpoint);
        return { url, stop: () => workbench.close() };
      });
      assert.deepEqual(arrived, scaledDown);
    });
  }
});
