import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { codexTexts, startCodex } from './codex.ts';
import { makePicture } from './picture.ts';
import { describeClient, type RecordedRequest } from './stage.ts';
import { askedText, upstreamTexts } from './upstream-texts.ts';

const done = 'All is done. 完成 ✅';
const patch = `*** Begin Patch
*** Update File: notes.txt
@@
-The colour is "red".
+The colour is "blue" 蓝.
*** End Patch
`;

/** What `config`'s documentation calls a model catalog, with all that these tests want of the model. */
const catalog = {
  apply_patch_tool_type: 'freeform',
  supports_parallel_tool_calls: true,
  supported_reasoning_levels: [
    { effort: 'low', description: 'Short' },
    { effort: 'high', description: 'Long' },
  ],
  default_reasoning_level: 'high',
  supports_reasoning_summaries: true,
  default_reasoning_summary: 'detailed',
  input_modalities: ['text', 'image'],
};

const body = z.looseObject({
  input: z.array(z.looseObject({ type: z.string() })),
  tools: z.array(z.unknown()).optional(),
  reasoning: z.looseObject({ effort: z.string().optional() }).nullish(),
});
const bodyOf = ({ request }: RecordedRequest) => body.parse(JSON.parse(request));
const posted = ({ method }: RecordedRequest) => method === 'POST';

describeClient({ name: 'Codex CLI', package: '@openai/codex' }, [
  {
    name: 'apply_patch, a free-form tool, and reasoning shown',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const notes = join(place.workspace, 'notes.txt');
      writeFileSync(notes, 'The colour is "red".\n');
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            { thought: 'A patch will do. 补丁', tool: 'apply_patch', arguments: { input: patch } },
            { thought: 'Now I tell.', text: done },
          ],
        }),
      );
      const run = await stage.succeeded(startCodex(place, { prompt: `(${marker}) Make it blue.`, catalog }));
      assert.equal(readFileSync(notes, 'utf8'), 'The colour is "blue" 蓝.\n');
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
      assert.deepEqual(codexTexts(run.stdout, 'reasoning'), ['A patch will do. 补丁', 'Now I tell.']);
      const requests = (await stage.requests()).filter(posted);
      assert.equal(requests.length, 2);
      assert.equal(requests[0] && bodyOf(requests[0]).reasoning?.effort, 'high');
      const types = requests[1] ? bodyOf(requests[1]).input.map(({ type }) => type) : [];
      assert.ok(types.includes('custom_tool_call_output') && types.includes('reasoning'));
      assert.ok(!(upstreamTexts(stage).at(-1) ?? '').includes('A patch will do.'));
    },
  },
  {
    name: 'lite mode, tools in namespaces, its WebSocket turned down',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const notes = join(place.workspace, 'notes.txt');
      writeFileSync(notes, 'The colour is "red".\n');
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [
            { tool: 'functions__apply_patch', arguments: { input: patch } },
            { tool: 'functions__exec_command', arguments: { cmd: 'cat notes.txt' } },
            { text: done },
          ],
        }),
      );
      const run = await stage.succeeded(
        startCodex(place, {
          prompt: `(${marker}) Make it blue.`,
          catalog: { ...catalog, use_responses_lite: true, prefer_websockets: true },
          provider: ['supports_websockets = true'],
        }),
      );
      assert.equal(readFileSync(notes, 'utf8'), 'The colour is "blue" 蓝.\n');
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
      const requests = await stage.requests();
      assert.deepEqual(
        requests.map(({ method, statusCode }) => `${method} ${statusCode}`),
        ['GET 426', 'POST 200', 'POST 200', 'POST 200'],
      );
      assert.ok(
        requests.filter(posted).every((request) => bodyOf(request).input[0]?.type === 'additional_tools'),
      );
    },
  },
  {
    name: 'code mode under a name of OpenAI',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const input =
        'const shown = await tools.exec_command({ cmd: "echo made > made.txt; cat made.txt" });\ntext(shown);\n';
      stage.simulator.setBrain(
        scriptedBrain({ marker, steps: [{ tool: 'functions__exec', arguments: { input } }, { text: done }] }),
      );
      const run = await stage.succeeded(
        startCodex(place, { prompt: `(${marker}) Go.`, model: 'gpt-6-astra' }),
      );
      assert.equal(readFileSync(join(place.workspace, 'made.txt'), 'utf8'), 'made\n');
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
    },
  },
  {
    name: 'a subagent, started with a tool of a namespace',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const message = 'errand-one: write one.txt';
      stage.simulator.setBrain(
        scriptedBrain([
          {
            marker,
            steps: [
              { tool: 'multi_agent_v1__spawn_agent', arguments: { message } },
              { tool: 'exec_command', arguments: { cmd: 'until [ -e one.txt ]; do sleep 0.1; done' } },
              { text: done },
            ],
          },
          {
            marker: 'errand-one',
            steps: [{ tool: 'exec_command', arguments: { cmd: 'echo one > one.txt' } }, { text: 'Written.' }],
          },
        ]),
      );
      const run = await stage.succeeded(
        startCodex(place, { prompt: `(${marker}) Have it written.`, catalog }),
      );
      assert.equal(readFileSync(join(place.workspace, 'one.txt'), 'utf8'), 'one\n');
      assert.ok(codexTexts(run.stdout, 'agent_message').includes(done));
    },
  },
  {
    name: 'several calls in one answer',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const write = (name: string) => ({
        name: 'exec_command',
        arguments: { cmd: `echo ${name} > ${name}.txt` },
      });
      stage.simulator.setBrain(
        scriptedBrain({ marker, steps: [{ calls: ['one', 'two', 'three'].map(write) }, { text: done }] }),
      );
      const run = await stage.succeeded(startCodex(place, { prompt: `(${marker}) Write.`, catalog }));
      for (const name of ['one', 'two', 'three']) {
        assert.equal(readFileSync(join(place.workspace, `${name}.txt`), 'utf8'), `${name}\n`);
      }
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
    },
  },
  {
    name: 'an attached image, then a tool call',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const picture = join(place.workspace, 'picture.png');
      writeFileSync(picture, await makePicture(1_600, 900));
      stage.simulator.setBrain(
        scriptedBrain(
          {
            marker,
            steps: [{ tool: 'exec_command', arguments: { cmd: 'echo teal > colour.txt' } }, { text: done }],
          },
          () => ({ parts: [{ text: 'A picture that is all teal.' }] }),
        ),
      );
      const run = await stage.succeeded(
        startCodex(place, { prompt: `(${marker}) Which colour?`, args: ['-i', picture], catalog }),
      );
      assert.equal(readFileSync(join(place.workspace, 'colour.txt'), 'utf8'), 'teal\n');
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
      assert.ok(stage.simulator.ipc.prompts.some(({ images }) => images.length > 0));
    },
  },
  {
    name: 'an image that it views itself',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const picture = join(place.workspace, 'picture.png');
      writeFileSync(picture, await makePicture(300, 200));
      stage.simulator.setBrain(
        scriptedBrain(
          { marker, steps: [{ tool: 'view_image', arguments: { path: picture } }, { text: done }] },
          () => ({ parts: [{ text: 'A picture that is all teal.' }] }),
        ),
      );
      const run = await stage.succeeded(startCodex(place, { prompt: `(${marker}) Look.`, catalog }));
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
      assert.ok(stage.simulator.ipc.prompts.some(({ images }) => images.length > 0));
    },
  },
  {
    name: 'a conversation taken up again',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      stage.simulator.setBrain(
        scriptedBrain({ marker, steps: [{ thought: 'Secretly: 42.', text: 'It is 42.' }, { text: done }] }),
      );
      await stage.succeeded(startCodex(place, { prompt: `(${marker}) What is it?`, catalog }));
      const run = await stage.succeeded(
        startCodex(place, { prompt: 'Are you sure?', subcommand: ['resume', '--last'], catalog }),
      );
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
      const told = upstreamTexts(stage).at(-1) ?? '';
      assert.ok(told.includes('It is 42.') && !told.includes('Secretly'));
    },
  },
  {
    name: 'compacts a conversation that grew',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      const story = 'The story so far, in short.';
      stage.simulator.setBrain((request) => {
        if (askedText(request).includes(story)) return { parts: [{ text: done }] };
        if (askedText(request).includes('CONTEXT CHECKPOINT COMPACTION')) return { parts: [{ text: story }] };
        return { parts: [{ toolCall: { name: 'exec_command', arguments: { cmd: 'seq 100000 108000' } } }] };
      });
      const run = await stage.succeeded(
        startCodex(place, {
          prompt: `(${marker}) Work.`,
          config: ['model_auto_compact_token_limit = 13000'],
          catalog,
        }),
      );
      assert.deepEqual(codexTexts(run.stdout, 'agent_message').at(-1), done);
      assert.ok(upstreamTexts(stage).some((text) => text.includes(story)));
    },
  },
  {
    name: 'upstream unavailable, then answered',
    proxyArguments: ['--no-remote-fallback'],
    async run(stage) {
      const place = stage.place();
      stage.simulator.setBrain(() => ({ parts: [{ text: done }] }));
      stage.simulator.setScenario('remote', [{ status: 503 }, { status: 503 }]);
      stage.simulator.setScenario('ipc', [{ kill: true }, { error: { code: -32_000, message: 'busy' } }]);
      const run = await stage.succeeded(startCodex(place, { prompt: 'Say it.', catalog }));
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
    },
  },
  {
    name: 'rate limited, then answered',
    proxyArguments: ['--no-remote-fallback'],
    async run(stage) {
      const place = stage.place();
      // A local runtime says so at the end of a turn without words.
      stage.simulator.setBrain(() => ({
        parts: stage.modelCalls === 1 && stage.backend === 'ipc' ? [] : [{ text: done }],
      }));
      stage.simulator.setScenario('remote', [{ status: 429 }]);
      stage.simulator.setScenario('ipc', [{ chatFinish: { statusCode: 429 } }]);
      const run = await stage.succeeded(startCodex(place, { prompt: 'Say it.', catalog }));
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
      assert.deepEqual(
        (await stage.requests()).map(({ statusCode }) => statusCode),
        [429, 200],
      );
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
            { text: 'I write it.', tool: 'exec_command', arguments: { cmd: 'echo once >> log.txt' } },
            { text: done },
          ],
        }),
      );
      const errorEnvelope = { afterChunks: 3, statusCodeValue: 503, message: 'the model went away' };
      stage.simulator.setScenario('remote', [{ errorEnvelope }]);
      stage.simulator.setScenario('ipc', [{ killAfterChunks: 2 }]);
      const run = await stage.succeeded(startCodex(place, { prompt: `(${marker}) Log it.`, catalog }));
      assert.equal(readFileSync(join(place.workspace, 'log.txt'), 'utf8'), 'once\n');
      assert.equal(codexTexts(run.stdout, 'agent_message').at(-1), done);
    },
  },
  {
    name: 'goes on when the proxy is started anew',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      stage.simulator.setBrain(
        scriptedBrain({
          marker,
          steps: [{ tool: 'exec_command', arguments: { cmd: 'sleep 2; echo waited' } }, { text: done }],
        }),
      );
      const client = startCodex(place, { prompt: `(${marker}) Wait.`, catalog });
      await client.prints('command_execution');
      await stage.restartProxy();
      const run = await stage.succeeded(client);
      assert.deepEqual(codexTexts(run.stdout, 'agent_message'), [done]);
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
          steps: [{ thought: 'First this.', text: 'word '.repeat(5_000), chunksPerSecond: 20 }],
        }),
      );
      const client = startCodex(place, { prompt: `(${marker}) Talk.`, catalog });
      await client.prints('"reasoning"');
      client.signal('SIGINT');
      await stage.ended(client);
      await stage.simulator.until(() => stage.isQuiet(), 'upstream is free again', 1_000);
      assert.equal((await stage.requests()).at(-1)?.state, 'cancelled');
    },
  },
  {
    name: 'a prompt that is too long ends in its own words',
    async run(stage) {
      const place = stage.place();
      // Codex itself takes no more than a million characters; these are many tokens in fewer.
      const text = '请逐步计算这个数值并说明理由。\n'.repeat(45_000);
      const run = await stage.ended(startCodex(place, { prompt: text, catalog }));
      assert.notEqual(run.code, 0);
      assert.match(run.stdout, /context window/i);
      assert.equal(stage.modelCalls, 0, 'nothing was sent upstream');
      assert.ok((await stage.requests()).length < 4);
    },
  },
]);
