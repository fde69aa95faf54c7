import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ScriptStep, scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { startClaudeCode } from './claude-code.ts';
import type { RunningClient } from './client-run.ts';
import { startCodex } from './codex.ts';
import { startOpenCode } from './opencode.ts';
import { type ClientPlace, describeClient, type Feature } from './stage.ts';

const report = 'The colour is blue now. 完成 ✅';

/** The plain job of an agent, in the client's own tools. */
function toolTask(
  steps: (notes: string) => readonly ScriptStep[],
  start: (place: ClientPlace, prompt: string) => RunningClient,
): Feature {
  return {
    name: 'reads a file, changes it, runs a command and reports',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const notes = join(place.workspace, 'notes.txt');
      writeFileSync(notes, 'The colour is red.\n');
      stage.simulator.setBrain(scriptedBrain({ marker, steps: [...steps(notes), { text: report }] }));
      const prompt = `(${marker}) Read notes.txt, change red to blue in it, print it with a command, and report.`;
      const run = await stage.succeeded(start(place, prompt));
      assert.equal(readFileSync(notes, 'utf8'), 'The colour is blue.\n');
      assert.ok(run.stdout.includes(report));
    },
  };
}

describeClient({ name: 'Claude Code', package: '@anthropic-ai/claude-code' }, [
  toolTask(
    (notes) => [
      { tool: 'Read', arguments: { file_path: notes } },
      { tool: 'Edit', arguments: { file_path: notes, old_string: 'red', new_string: 'blue' } },
      { tool: 'Bash', arguments: { command: 'cat notes.txt', description: 'Show the file' } },
    ],
    (place, prompt) => startClaudeCode(place, { prompt }),
  ),
]);

describeClient({ name: 'Codex CLI', package: '@openai/codex' }, [
  toolTask(
    () => [
      { tool: 'exec_command', arguments: { cmd: 'cat notes.txt' } },
      { tool: 'exec_command', arguments: { cmd: "sed -i 's/red/blue/' notes.txt" } },
      { tool: 'exec_command', arguments: { cmd: 'cat notes.txt' } },
    ],
    (place, prompt) => startCodex(place, { prompt }),
  ),
]);

describeClient({ name: 'OpenCode', package: 'opencode-ai' }, [
  toolTask(
    (notes) => [
      { tool: 'read', arguments: { filePath: notes } },
      { tool: 'edit', arguments: { filePath: notes, oldString: 'red', newString: 'blue' } },
      { tool: 'bash', arguments: { command: 'cat notes.txt', description: 'Show the file' } },
    ],
    (place, prompt) => startOpenCode(place, { prompt }),
  ),
]);
