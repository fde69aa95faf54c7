import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { startClient } from './client-run.ts';
import { makePicture } from './picture.ts';
import { describeClient, type Feature } from './stage.ts';

const program = join(import.meta.dirname, 'ai-sdk-program.mjs');
const done = 'Hangzhou is warmer: 31° to 18°. 杭州更热 ✅';

const printed = z.object({
  text: z.string(),
  deltas: z.number(),
  reasoning: z.array(z.string()),
  results: z.array(z.object({ city: z.string(), degrees: z.number() })),
  finishReasons: z.array(z.string()),
  inputTokens: z.number(),
  structured: z.object({ colour: z.string() }),
  seen: z.string(),
  errors: z.array(z.string()),
});

function loopOver(dialect: string): Feature {
  return {
    name: `a streamed tool loop, reasoning, a structured answer and an image over ${dialect}`,
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const picture = join(place.workspace, 'picture.png');
      writeFileSync(picture, await makePicture(320, 240));
      const call = (city: string) => ({ name: 'weather', arguments: { city } });
      stage.simulator.setBrain(
        scriptedBrain(
          {
            marker,
            steps: [{ thought: 'Both at once.', calls: [call('杭州'), call('Bergen')] }, { text: done }],
          },
          (request) =>
            request.backend === 'ipc' && request.images.length > 0
              ? { parts: [{ text: 'It is all teal.' }] }
              : { parts: [{ text: '{"colour": "青"}' }] },
        ),
      );
      const run = await stage.succeeded(
        startClient(
          process.execPath,
          [
            program,
            dirname(dirname(place.bin)),
            dialect,
            place.proxyUrl,
            `(${marker}) Where is it warmer?`,
            picture,
          ],
          { cwd: place.workspace, env: { HOME: place.home, AI_SDK_LOG_WARNINGS: 'false' } },
        ),
      );
      const answer = printed.parse(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? ''));
      assert.deepEqual(answer.errors, []);
      assert.equal(answer.text, done);
      assert.ok(answer.deltas > 1, 'the answer streams');
      assert.deepEqual(answer.reasoning, ['Both at once.', '']);
      assert.deepEqual(answer.results, [
        { city: '杭州', degrees: 31 },
        { city: 'Bergen', degrees: 18 },
      ]);
      assert.deepEqual(answer.finishReasons, ['tool-calls', 'stop']);
      assert.ok(answer.inputTokens > 0);
      assert.deepEqual(answer.structured, { colour: '青' });
      assert.equal(answer.seen, 'It is all teal.');
    },
  };
}

describeClient({ name: 'Vercel AI SDK', package: 'ai' }, [
  loopOver('@ai-sdk/openai-compatible'),
  loopOver('@ai-sdk/anthropic'),
  loopOver('@ai-sdk/openai'),
]);
