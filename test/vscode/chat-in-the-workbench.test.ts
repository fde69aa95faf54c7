import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { ChatView } from './chat-view.ts';
import { describeOnHost } from './host.ts';
import { packagedExtension } from './packaged-extension.ts';
import type { Workbench } from './workbench.ts';

const text = 'Buy tea in Hangzhou. 去杭州买茶。';

describeOnHost('VS Code’s own chat with Lingma’s models', (host) => {
  let simulator: Simulator;
  let workbench: Workbench;
  let chat: ChatView;

  before(async () => {
    simulator = await startSimulator();
    const server = await host.startServer({
      extensions: [packagedExtension()],
      // Nobody is signed in to GitHub here: VS Code lets its agent work for other models all the same, once told to.
      settings: { 'chat.disableAIFeatures': false, 'chat.allowAnonymousAccess': true },
      environment: { ...simulator.environment, LINGMA_PROXY_PORT: '0' },
    });
    const filePath = join(server.workspace, 'notes.txt');
    writeFileSync(filePath, `${text}\n`);
    simulator.setBrain(
      scriptedBrain({
        marker: 'my notes',
        steps: [
          { tool: 'read_file', arguments: { filePath, startLine: 1, endLine: 2 }, text: 'I will look.' },
          { text: 'You are to buy tea.' },
        ],
      }),
    );
    workbench = await host.openWorkbench(server);
    chat = new ChatView(workbench.page);
  });
  after(() => simulator.close());

  test('its agent answers by one of them, tools included', async () => {
    await workbench.command('Lingma Proxy: Start');
    await workbench.notification('It will start with VS Code from now on').waitFor();
    await workbench.command('Chat: Open Chat');
    await chat.chooseModel('Kimi-K2.6');
    await chat.ask('What is in my notes?');
    await chat.answered('You are to buy tea.');
    await workbench.openSideBar('Lingma Proxy');
    await workbench.treeItem('Recent Requests', 'kmodel').filter({ hasText: 'VS Code' }).waitFor();
    await workbench.screenshot('native-chat');
    const results = simulator.remote.requests.filter(({ body }) => JSON.stringify(body)?.includes(text));
    assert.equal(results.length, 1, 'the model was told what the tool had read');
    assert.deepEqual(simulator.violations, []);
  });
});
