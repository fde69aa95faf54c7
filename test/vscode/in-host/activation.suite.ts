import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { commands, extensions, version } from 'vscode';
import { z } from 'zod';
import { measurements } from './measurements.ts';

const manifest = z.object({
  contributes: z.object({ commands: z.array(z.object({ command: z.string() })) }),
});

suite('activation', () => {
  test('the extension activates', async () => {
    const extension = thisExtension();
    // Where it has not come to it yet, this asks for it.
    await extension.activate();
    assert.equal(extension.isActive, true, `in VS Code ${version}`);
    const value = Math.round(process.memoryUsage().rss / 1e6);
    measurements().push({ name: 'memory of the extension host', value, unit: 'MB' });
  });

  test('each command of the manifest is registered', async () => {
    const { contributes } = manifest.parse(thisExtension().packageJSON);
    const registered = new Set(await commands.getCommands(true));
    assert.notEqual(contributes.commands.length, 0);
    assert.deepEqual(
      contributes.commands.filter(({ command }) => !registered.has(command)),
      [],
    );
  });

  test('"Show Version" is carried out', async () => {
    let failure: unknown;
    // It lasts as long as its message is shown, and there is nobody to close that.
    commands.executeCommand('lingmaProxy.showVersion').then(undefined, (error: unknown) => {
      failure = error;
    });
    // By the time that another question has gone to the window and come back, it would have failed.
    await commands.getCommands();
    assert.equal(failure, undefined);
  });
});

function thisExtension() {
  const extension = extensions.getExtension('lingma-proxy.lingma-proxy');
  assert.ok(extension, 'VS Code knows the extension');
  return extension;
}
