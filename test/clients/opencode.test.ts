import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { type OpenCodeDialect, startOpenCode } from './opencode.ts';
import { makePicture } from './picture.ts';
import { describeClient, type Feature } from './stage.ts';
import { upstreamTexts } from './upstream-texts.ts';

const done = 'All is done. 完成 ✅';
const thought = 'Secretly I count to 42.';

/** A task with two calls in one answer, an edit, thoughts, and the title that it asks for beside it. */
function taskOver(dialect: OpenCodeDialect, path: string, reasoningSentBack: RegExp): Feature {
  return {
    name: `tools, parallel calls, thinking and a title over ${dialect}`,
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const notes = join(place.workspace, 'notes.txt');
      writeFileSync(notes, 'The colour is red.\n');
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            {
              thought,
              calls: [
                { name: 'read', arguments: { filePath: notes } },
                { name: 'bash', arguments: { command: 'echo two > two.txt', description: 'Write' } },
              ],
            },
            { tool: 'edit', arguments: { filePath: notes, oldString: 'red', newString: 'blue' } },
            { text: done },
          ],
        }),
      );
      const run = await stage.succeeded(startOpenCode(place, { prompt: `(${marker}) Change it.`, dialect }));
      assert.equal(readFileSync(notes, 'utf8'), 'The colour is blue.\n');
      assert.equal(readFileSync(join(place.workspace, 'two.txt'), 'utf8'), 'two\n');
      assert.ok(run.stdout.includes(done));
      const requests = await stage.requests();
      assert.ok(requests.every((request) => request.path.startsWith(path) && request.statusCode === 200));
      assert.ok(requests.length >= 4, 'three for the task, one for the title');
      assert.ok(
        requests.some(({ request }) => reasoningSentBack.test(request)),
        'thoughts are sent back',
      );
      assert.ok(upstreamTexts(stage).every((text) => !text.includes(thought)));
    },
  };
}

describeClient({ name: 'OpenCode', package: 'opencode-ai' }, [
  taskOver('@ai-sdk/openai-compatible', '/v1/chat/completions', /"reasoning_content":"Secretly/),
  taskOver('@ai-sdk/anthropic', '/v1/messages', /"thinking":"Secretly/),
  taskOver('@ai-sdk/openai', '/v1/responses', /"type":"reasoning"/),
  {
    name: 'an attached image, then an error in the middle of an answer, then answered',
    proxyArguments: ['--no-remote-fallback'],
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const picture = join(place.workspace, 'picture.png');
      writeFileSync(picture, await makePicture(640, 480));
      stage.simulator.setBrain(
        scriptedBrain(
          {
            marker,
            steps: [
              { tool: 'bash', arguments: { command: 'echo once >> log.txt', description: 'Log' } },
              { text: done },
            ],
          },
          () => ({ parts: [{ text: 'A picture that is all teal.' }] }),
        ),
      );
      const errorEnvelope = { afterChunks: 2, statusCodeValue: 503, message: 'the model went away' };
      stage.simulator.setScenario('remote', [{ errorEnvelope }, { errorEnvelope }]);
      if (stage.backend === 'ipc') stage.simulator.setScenario('ipc', [{ killAfterChunks: 2 }]);
      const run = await stage.succeeded(
        startOpenCode(place, { prompt: `(${marker}) Log it.`, args: ['-f', picture] }),
      );
      assert.equal(readFileSync(join(place.workspace, 'log.txt'), 'utf8'), 'once\n');
      assert.ok(run.stdout.includes(done));
      assert.ok(stage.simulator.ipc.prompts.some(({ images }) => images.length > 0));
    },
  },
  {
    name: 'interrupted in the middle of an answer',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            { tool: 'bash', arguments: { command: 'echo begun', description: 'Begin' } },
            { text: 'word '.repeat(5_000), chunksPerSecond: 20 },
          ],
        }),
      );
      const client = startOpenCode(place, { prompt: `(${marker}) Talk.` });
      await client.prints('begun');
      await stage.simulator.until(() => !stage.isQuiet(), 'the long answer begins', 20_000);
      client.signal('SIGTERM');
      await stage.ended(client);
      await stage.simulator.until(() => stage.isQuiet(), 'upstream is free again', 1_000);
    },
  },
]);
