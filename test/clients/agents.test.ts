import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ScriptStep, scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { startCline, startContinue, startQwenCode } from './agents.ts';
import type { RunningClient } from './client-run.ts';
import { type ClientPlace, describeClient, type Feature } from './stage.ts';

const done = 'The colour is blue now. 完成 ✅';

/** A task done with two of the client's own tools. */
function task(
  dialect: string,
  steps: (notes: string) => readonly ScriptStep[],
  start: (place: ClientPlace, prompt: string) => RunningClient,
): Feature {
  return {
    name: `reads and changes a file over ${dialect}`,
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const notes = join(place.workspace, 'notes.txt');
      writeFileSync(notes, 'The colour is red.\n');
      stage.simulator.setBrain(scriptedBrain({ marker, steps: [...steps(notes), { text: done }] }));
      const run = await stage.succeeded(start(place, `(${marker}) Change red to blue in notes.txt.`));
      assert.equal(readFileSync(notes, 'utf8'), 'The colour is blue.\n');
      assert.ok(run.stdout.includes(done));
      assert.ok((await stage.requests()).every(({ statusCode }) => statusCode === 200));
    },
  };
}

const qwenSteps = (notes: string): readonly ScriptStep[] => [
  { tool: 'read_file', arguments: { file_path: notes } },
  { tool: 'edit', arguments: { file_path: notes, old_string: 'red', new_string: 'blue' } },
];
describeClient({ name: 'Qwen Code', package: '@qwen-code/qwen-code' }, [
  task('Chat Completions', qwenSteps, (place, prompt) => startQwenCode(place, prompt, 'openai')),
  task('Messages', qwenSteps, (place, prompt) => startQwenCode(place, prompt, 'anthropic')),
  task('Responses', qwenSteps, (place, prompt) => startQwenCode(place, prompt, 'openai-responses')),
]);

const continueSteps = (notes: string): readonly ScriptStep[] => [
  { tool: 'Read', arguments: { filepath: notes } },
  { tool: 'Edit', arguments: { file_path: notes, old_string: 'red', new_string: 'blue' } },
];
describeClient({ name: 'Continue', package: '@continuedev/cli' }, [
  task('Chat Completions', continueSteps, (place, prompt) => startContinue(place, prompt, 'openai')),
  task('Messages', continueSteps, (place, prompt) => startContinue(place, prompt, 'anthropic')),
]);

const clineSteps = (notes: string): readonly ScriptStep[] => [
  { tool: 'read_files', arguments: { files: [{ path: notes }] } },
  { tool: 'run_commands', arguments: { commands: ["sed -i 's/red/blue/' notes.txt"] } },
];
describeClient({ name: 'Cline', package: 'cline' }, [task('Chat Completions', clineSteps, startCline)]);
