// A program as people write it with the Vercel AI SDK: a tool loop that streams, then a structured answer.
//   node ai-sdk-program.mjs FOLDER_WITH_THE_PACKAGES PACKAGE PROXY_URL PROMPT IMAGE_FILE
// Prints one JSON object with what the SDK made of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , folder, dialect, proxyUrl, prompt, imageFile] = process.argv;
const load = (name) => {
  const root = join(folder, 'node_modules', name);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return import(pathToFileURL(join(root, exports['.'].import)).href);
};
const { streamText, generateText, tool, jsonSchema, isStepCount, Output } = await load('ai');
const provider = await load(dialect);

const options = { baseURL: `${proxyUrl}/v1`, apiKey: 'any' };
const reasoning = {
  '@ai-sdk/openai-compatible': { lingma: { reasoningEffort: 'high' } },
  '@ai-sdk/anthropic': { anthropic: { thinking: { type: 'enabled', budgetTokens: 4_000 } } },
  '@ai-sdk/openai': {
    openai: { forceReasoning: true, reasoningEffort: 'high', reasoningSummary: 'detailed' },
  },
};
const makeModel = {
  '@ai-sdk/openai-compatible': () =>
    provider.createOpenAICompatible({
      name: 'lingma',
      includeUsage: true,
      supportsStructuredOutputs: true,
      ...options,
    })('kmodel'),
  '@ai-sdk/anthropic': () => provider.createAnthropic(options)('kmodel'),
  '@ai-sdk/openai': () => provider.createOpenAI(options)('kmodel'),
};
const model = makeModel[dialect]();

const objectOf = (properties) =>
  jsonSchema({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const weather = tool({
  description: 'Tells the weather of a city.',
  inputSchema: objectOf({ city: { type: 'string' } }),
  execute: async ({ city }) => ({ city, degrees: city === '杭州' ? 31 : 18 }),
});

const errors = [];
const run = streamText({
  model,
  prompt,
  tools: { weather },
  stopWhen: isStepCount(5),
  providerOptions: reasoning[dialect],
  onError: ({ error }) => errors.push(String(error)),
});
const deltas = [];
for await (const delta of run.textStream) deltas.push(delta);
const steps = await run.steps;

const structured = await generateText({
  model,
  prompt: 'A colour, please.',
  output: Output.object({ schema: objectOf({ colour: { type: 'string' } }) }),
});

const seen = await generateText({
  model,
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'file', data: readFileSync(imageFile), mediaType: 'image/png' },
      ],
    },
  ],
});

console.log(
  JSON.stringify({
    text: deltas.join(''),
    deltas: deltas.length,
    reasoning: steps.map((step) => step.reasoningText ?? ''),
    results: steps.flatMap((step) => step.toolResults.map(({ output }) => output)),
    finishReasons: steps.map((step) => step.finishReason),
    inputTokens: (await run.totalUsage).inputTokens,
    structured: structured.output,
    seen: seen.text,
    errors,
  }),
);
