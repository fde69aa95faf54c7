import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { englishSentence } from '../chinese-screen.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

describeOnHost('the extension in Chinese', (host) => {
  let simulator: Simulator;
  let workbench: Workbench;

  before(async () => {
    simulator = await startSimulator();
    const { loginRoot } = simulator;
    renameSync(join(loginRoot, 'cache'), join(loginRoot, 'not-yet'));
    const server = await host.startServer({
      extensions: [packagedExtension()],
      language: 'zh-cn',
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: '0' },
    });
    workbench = await host.openWorkbench(server);
  });
  after(() => simulator.close());

  test('the status view says in Chinese why the proxy waits and what to do', async () => {
    await workbench.command('Lingma Proxy: 启动');
    await workbench.openSideBar('Lingma Proxy');
    await workbench.treeItem('状态', '请打开灵码或 QoderCN 并登录').waitFor();
    await workbench.screenshot('status-waiting-zh-cn');
    for (const row of await workbench.view('状态').locator('.monaco-list-row').allTextContents()) {
      assert.equal(englishSentence(row), undefined, row);
    }
  });

  test('a question for the models that fails is answered in Chinese', async () => {
    await workbench.command('Lingma Proxy: 刷新模型');
    await workbench.notification('本机没有灵码或 QoderCN 的登录').waitFor();
    await workbench.screenshot('models-failed-zh-cn');
  });
});
