import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { readClaudeCode, startClaudeCode } from './claude-code.ts';
import { runClient } from './client-run.ts';
import { makePicture } from './picture.ts';
import { describeClient, type Stage } from './stage.ts';
import { askedText, upstreamTexts } from './upstream-texts.ts';

const done = 'All is done. 完成 ✅';
const allTools = { ENABLE_TOOL_SEARCH: 'false' };

/** The content blocks of one type that Claude Code printed. */
function blocksOf(stdout: string, type: string) {
  return readClaudeCode(stdout).flatMap(({ message }) =>
    typeof message?.content === 'object' ? message.content.filter((block) => block.type === type) : [],
  );
}

function resultOf(stdout: string) {
  return readClaudeCode(stdout).find(({ type }) => type === 'result');
}

async function toolCounts(stage: Stage): Promise<readonly number[]> {
  const body = z.object({ tools: z.array(z.unknown()).default([]) });
  return (await stage.requests())
    .filter(({ path }) => path.startsWith('/v1/messages'))
    .map(({ request }) => body.parse(JSON.parse(request)).tools.length);
}

describeClient({ name: 'Claude Code', package: '@anthropic-ai/claude-code' }, [
  {
    // What `lingma-proxy connect` warns of: once this fails, the warning can go.
    name: 'settings with a comment are not loaded, with a byte-order mark they are',
    async run(stage) {
      const place = stage.place();
      const settings = JSON.stringify({
        env: { ANTHROPIC_BASE_URL: place.proxyUrl, ANTHROPIC_AUTH_TOKEN: 'any', ANTHROPIC_MODEL: 'kmodel' },
      });
      const ask = (text: string, marker: string) => {
        mkdirSync(join(place.home, '.claude'), { recursive: true });
        writeFileSync(join(place.home, '.claude', 'settings.json'), text);
        const env = {
          HOME: place.home,
          CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
          DISABLE_AUTOUPDATER: '1',
        };
        return runClient(join(place.bin, 'claude'), ['-p', `(${marker}) Say hello.`], {
          cwd: place.workspace,
          env,
        });
      };
      const marker = stage.marker();
      stage.simulator.setBrain(scriptedBrain({ marker, steps: [{ text: done }] }));
      const refused = await ask(`// mine\n${settings}`, marker);
      assert.match(refused.stdout + refused.stderr, /settings\.json: Invalid or malformed JSON/);
      assert.ok(!refused.stdout.includes(done));
      const loaded = await ask(`\uFEFF${settings}`, marker);
      assert.ok(loaded.stdout.includes(done));
    },
  },
  {
    name: 'more than 20 tools, several calls in one answer',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const [red, green, blue] = ['red', 'green', 'blue'].map((name) => join(place.workspace, `${name}.txt`));
      assert.ok(red && green && blue);
      writeFileSync(red, 'The colour is red.\n');
      writeFileSync(green, 'The colour is green.\n');
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            {
              text: 'I look at everything first.',
              calls: [
                { name: 'Read', arguments: { file_path: red } },
                { name: 'Read', arguments: { file_path: green } },
                { name: 'Bash', arguments: { command: 'ls', description: 'List the files' } },
              ],
            },
            {
              calls: [
                { name: 'Edit', arguments: { file_path: red, old_string: 'red', new_string: 'crimson' } },
                { name: 'Edit', arguments: { file_path: green, old_string: 'green', new_string: 'olive' } },
                { name: 'Write', arguments: { file_path: blue, content: 'The "colour" is\n\tblue 蓝.\n' } },
              ],
            },
            { text: done },
          ],
        }),
      );
      const run = await stage.succeeded(
        startClaudeCode(place, { prompt: `(${marker}) Change the colours.`, env: allTools }),
      );
      assert.equal(readFileSync(red, 'utf8'), 'The colour is crimson.\n');
      assert.equal(readFileSync(green, 'utf8'), 'The colour is olive.\n');
      assert.equal(readFileSync(blue, 'utf8'), 'The "colour" is\n\tblue 蓝.\n');
      assert.equal(resultOf(run.stdout)?.result, done);
      assert.equal(blocksOf(run.stdout, 'tool_use').length, 6);
      assert.ok((await toolCounts(stage)).every((count) => count > 20));
      for (const text of blocksOf(run.stdout, 'text'))
        assert.ok(!String(text['text']).includes('json action'));
    },
  },
  {
    name: 'deferred tools, found with its tool search',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const notebook = join(place.workspace, 'n.ipynb');
      writeFileSync(
        notebook,
        JSON.stringify({
          cells: [
            { cell_type: 'code', id: 'a', source: ['1'], metadata: {}, outputs: [], execution_count: null },
          ],
          metadata: {},
          nbformat: 4,
          nbformat_minor: 5,
        }),
      );
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            { tool: 'ToolSearch', arguments: { query: 'select:NotebookEdit', max_results: 3 } },
            { tool: 'Read', arguments: { file_path: notebook } },
            {
              tool: 'NotebookEdit',
              arguments: { notebook_path: notebook, cell_id: 'a', new_source: '1 + 2' },
            },
            { text: done },
          ],
        }),
      );
      await stage.succeeded(startClaudeCode(place, { prompt: `(${marker}) Edit the notebook.` }));
      assert.ok(readFileSync(notebook, 'utf8').includes('1 + 2'));
    },
  },
  {
    name: 'two subagents at work at the same time',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const agent = (name: string) => ({
        name: 'Agent',
        arguments: {
          description: `Write ${name}`,
          prompt: `errand-${name}: write ${name}.txt`,
          subagent_type: 'general-purpose',
        },
      });
      const errand = (name: string) => ({
        marker: `errand-${name}`,
        steps: [
          { tool: 'Bash', arguments: { command: `echo ${name} > ${name}.txt`, description: 'Write' } },
          { text: `${name} is written.` },
        ],
      });
      stage.simulator.setBrain(
        scriptedBrain([
          { marker, steps: [{ calls: [agent('one'), agent('two')] }, { text: done }] },
          errand('one'),
          errand('two'),
        ]),
      );
      const run = await stage.succeeded(startClaudeCode(place, { prompt: `(${marker}) Have both written.` }));
      assert.ok(existsSync(join(place.workspace, 'one.txt')));
      assert.ok(existsSync(join(place.workspace, 'two.txt')));
      for (const name of ['one', 'two']) assert.ok(run.stdout.includes(`${name} is written.`));
    },
  },
  {
    name: 'a pasted image, then a tool call',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const picture = await makePicture(2_000, 1_000);
      stage.simulator.setBrain(
        scriptedBrain(
          {
            marker,
            steps: [
              { tool: 'Bash', arguments: { command: 'echo teal > colour.txt', description: 'Write' } },
              { text: done },
            ],
          },
          () => ({ parts: [{ text: 'A picture that is all teal.' }] }),
        ),
      );
      const run = await stage.succeeded(
        startClaudeCode(place, {
          prompt: [
            {
              type: 'image',
              source: { type: 'base64', media_type: 'image/png', data: picture.toString('base64') },
            },
            { type: 'text', text: `(${marker}) Which colour is this? Write it to colour.txt.` },
          ],
        }),
      );
      assert.equal(readFileSync(join(place.workspace, 'colour.txt'), 'utf8'), 'teal\n');
      assert.equal(resultOf(run.stdout)?.result, done);
      const shown = stage.simulator.ipc.prompts.flatMap(({ images }) => images);
      assert.ok(shown.length > 0, 'the runtime saw the picture');
      if (stage.backend === 'remote') {
        assert.equal(shown.length, 1, 'the picture is described once for the whole conversation');
        assert.ok(upstreamTexts(stage).some((text) => text.includes('A picture that is all teal.')));
      }
    },
  },
  {
    name: 'an image file that it reads itself',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const file = join(place.workspace, 'picture.png');
      writeFileSync(file, await makePicture(400, 300));
      const before = stage.simulator.ipc.prompts.flatMap(({ images }) => images).length;
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [{ tool: 'Read', arguments: { file_path: file } }, { text: done }],
        }),
      );
      const run = await stage.succeeded(
        startClaudeCode(place, { prompt: `(${marker}) Look at picture.png.` }),
      );
      assert.equal(resultOf(run.stdout)?.result, done);
      assert.ok(stage.simulator.ipc.prompts.flatMap(({ images }) => images).length > before);
    },
  },
  {
    name: 'interrupted in the middle of an answer',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const calls = stage.modelCalls;
      stage.simulator.setBrain(
        scriptedBrain({ marker, steps: [{ text: 'word '.repeat(5_000), chunksPerSecond: 20 }] }),
      );
      const client = startClaudeCode(place, {
        prompt: `(${marker}) Talk.`,
        args: ['--include-partial-messages'],
      });
      await stage.simulator.until(() => stage.modelCalls > calls, 'the answer begins');
      await client.prints('text_delta');
      client.signal('SIGINT');
      await stage.ended(client);
      await stage.simulator.until(() => stage.isQuiet(), 'upstream is free again', 1_000);
      const last = (await stage.requests()).at(-1);
      assert.equal(last?.state, 'cancelled');
    },
  },
  {
    name: 'a conversation of 500 KB',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const files = Array.from({ length: 10 }, (_, index) => {
        const file = join(place.workspace, `big-${index}.ts`);
        const lines = Array.from(
          { length: 1_000 },
          (_, line) => `export const value${index}_${line} = 'text ${line}';`,
        );
        writeFileSync(file, `${lines.join('\n')}\n// the end of ${marker} file ${index}\n`);
        return file;
      });
      const read = (some: readonly string[]) => ({
        calls: some.map((file) => ({ name: 'Read', arguments: { file_path: file } })),
      });
      stage.simulator.setBrain(
        scriptedBrain({ marker, steps: [read(files.slice(0, 5)), read(files.slice(5)), { text: done }] }),
      );
      const run = await stage.succeeded(
        startClaudeCode(place, { prompt: `(${marker}) Read all.`, env: allTools }),
      );
      assert.equal(resultOf(run.stdout)?.result, done);
      const last = (await stage.requests()).at(-1);
      assert.ok(last !== undefined && last.requestSize > 500_000, `${last?.requestSize} bytes`);
      const text = upstreamTexts(stage).at(-1) ?? '';
      for (const index of files.keys()) assert.ok(text.includes(`the end of ${marker} file ${index}`));
    },
  },
  {
    name: 'thinking shown, and not repeated to the model',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const thought = '9.8 is the same as 9.80, and 80 > 11. 所以 9.8 更大。';
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            { thought, tool: 'Bash', arguments: { command: 'echo 9.8', description: 'Print' } },
            { thought: 'Now I can tell.', text: '9.8 is greater.' },
          ],
        }),
      );
      const run = await stage.succeeded(
        startClaudeCode(place, { prompt: `(${marker}) Compare 9.11 and 9.8 step by step.` }),
      );
      const thinking = blocksOf(run.stdout, 'thinking').map((block) => block['thinking']);
      assert.deepEqual(thinking, [thought, 'Now I can tell.']);
      assert.ok(!(upstreamTexts(stage).at(-1) ?? '').includes(thought));

      stage.simulator.setBrain(() => ({ parts: [{ text: 'Still 9.8.' }] }));
      const again = await stage.succeeded(
        startClaudeCode(place, { prompt: 'Are you sure?', args: ['--continue'] }),
      );
      assert.equal(resultOf(again.stdout)?.result, 'Still 9.8.');
      assert.ok(!(upstreamTexts(stage).at(-1) ?? '').includes(thought));
    },
  },
  {
    name: 'its web search is told honestly that there is none',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [{ tool: 'WebSearch', arguments: { query: 'weather in Hangzhou' } }, { text: done }],
        }),
      );
      const run = await stage.succeeded(
        startClaudeCode(place, { prompt: `(${marker}) Search.`, env: allTools }),
      );
      const [result] = blocksOf(run.stdout, 'tool_result');
      assert.equal(result?.['is_error'], true);
      assert.match(String(result?.['content']), /web_search_20250305 is not available/);
      assert.equal(resultOf(run.stdout)?.result, done);
    },
  },
  {
    name: 'rate limited, then answered',
    proxyArguments: ['--no-remote-fallback'],
    async run(stage) {
      const place = stage.place();
      stage.simulator.setBrain(() => ({ parts: [{ text: done }] }));
      stage.simulator.setScenario('remote', [{ status: 429, retryAfterSeconds: 1 }]);
      stage.simulator.setScenario('ipc', [{ error: { code: -32_000, message: 'busy' } }]);
      const run = await stage.succeeded(startClaudeCode(place, { prompt: 'Say it.' }));
      assert.equal(resultOf(run.stdout)?.result, done);
      const statuses = (await stage.requests()).map(({ statusCode }) => statusCode);
      if (stage.backend === 'remote') assert.deepEqual(statuses, [429, 200]);
      else assert.equal(statuses.at(-1), 200);
    },
  },
  {
    name: 'an error in the middle of an answer, then answered',
    proxyArguments: ['--no-remote-fallback'],
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            {
              text: 'I write it.',
              tool: 'Bash',
              arguments: { command: 'echo once >> log.txt', description: 'Log' },
            },
            { text: done },
          ],
        }),
      );
      const errorEnvelope = { afterChunks: 3, statusCodeValue: 503, message: 'the model went away' };
      stage.simulator.setScenario('remote', [{ errorEnvelope }]);
      stage.simulator.setScenario('ipc', [{ killAfterChunks: 2 }]);
      const run = await stage.succeeded(startClaudeCode(place, { prompt: `(${marker}) Log it.` }));
      assert.equal(resultOf(run.stdout)?.result, done);
      assert.equal(readFileSync(join(place.workspace, 'log.txt'), 'utf8'), 'once\n');
    },
  },
  {
    name: 'goes on when the proxy is started anew',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const calls = stage.modelCalls;
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [{ tool: 'Bash', arguments: { command: 'sleep 2', description: 'Wait' } }, { text: done }],
        }),
      );
      const client = startClaudeCode(place, { prompt: `(${marker}) Wait.` });
      await stage.simulator.until(() => stage.modelCalls > calls, 'the first call');
      await client.prints('"tool_use"');
      await stage.restartProxy();
      const run = await stage.succeeded(client);
      assert.equal(resultOf(run.stdout)?.result, done);
    },
  },
  {
    name: 'compacts a conversation when told to, and goes on',
    async run(stage) {
      const place = stage.place();
      const story = 'The story so far: the number is 4711.';
      stage.simulator.setBrain((request) => {
        const asked = askedText(request);
        if (asked.includes('What was it?')) return { parts: [{ text: 'It was 4711.' }] };
        if (asked.includes('summary')) return { parts: [{ text: `<summary>${story}</summary>` }] };
        return { parts: [{ text: 'I keep it in mind.' }] };
      });
      await stage.succeeded(startClaudeCode(place, { prompt: 'Remember 4711.' }));
      await stage.succeeded(startClaudeCode(place, { prompt: '/compact', args: ['--continue'] }));
      const run = await stage.succeeded(
        startClaudeCode(place, { prompt: 'What was it?', args: ['--continue'] }),
      );
      assert.equal(resultOf(run.stdout)?.result, 'It was 4711.');
      assert.ok((upstreamTexts(stage).at(-1) ?? '').includes(story));
    },
  },
  {
    name: 'compacts by itself when upstream reports a conversation that grew',
    async run(stage) {
      const place = stage.place();
      const story = 'The story so far: one command ran.';
      stage.simulator.setBrain((request) => {
        const asked = askedText(request);
        if (asked.includes(story)) return { parts: [{ text: done }] };
        if (asked.includes('<summary>')) return { parts: [{ text: `<summary>${story}</summary>` }] };
        const toolCall = { name: 'Bash', arguments: { command: 'seq 100000 103500', description: 'Count' } };
        return { parts: [{ toolCall }], usage: { inputTokens: 195_000, outputTokens: 10 } };
      });
      const run = await stage.succeeded(
        startClaudeCode(place, {
          prompt: 'Count.',
          env: { CLAUDE_CODE_AUTO_COMPACT_WINDOW: '30000', ...allTools },
        }),
      );
      assert.equal(resultOf(run.stdout)?.result, done);
      assert.ok((upstreamTexts(stage).at(-1) ?? '').includes(story));
    },
  },
  {
    name: 'a prompt that is too long ends in its own words',
    async run(stage) {
      const place = stage.place();
      const calls = stage.modelCalls;
      const text = 'const value = compute(argument, 12345);\n'.repeat(40_000);
      const run = await stage.ended(startClaudeCode(place, { prompt: [{ type: 'text', text }] }));
      assert.match(resultOf(run.stdout)?.result ?? '', /prompt is too long/i);
      assert.equal(stage.modelCalls, calls, 'nothing was sent upstream');
      assert.ok((await stage.requests()).length < 6, 'it does not try for ever');
    },
  },
  {
    name: 'tokens counted in a burst (/context)',
    async run(stage) {
      const place = stage.place();
      const run = await stage.succeeded(startClaudeCode(place, { prompt: '/context' }));
      assert.match(run.stdout, /tokens/i);
      const counts = (await stage.requests()).filter(({ path }) => path.includes('count_tokens'));
      assert.ok(counts.length > 3, `${counts.length} requests`);
      assert.ok(counts.every(({ statusCode }) => statusCode === 200));
    },
  },
]);
