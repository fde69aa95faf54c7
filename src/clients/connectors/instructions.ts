import type { InstructionsConnector } from '../connector.ts';
import { keyOf, openAiUrl } from '../endpoint.ts';

/** What is connected in its user's own code or settings. */
export const instructionConnectors: readonly InstructionsConnector[] = [
  {
    kind: 'instructions',
    id: 'openai-sdk',
    name: 'OpenAI SDK',
    instructions: (endpoint) =>
      `JavaScript  new OpenAI({ baseURL: '${openAiUrl(endpoint)}', apiKey: '${keyOf(endpoint)}' })
Python      OpenAI(base_url="${openAiUrl(endpoint)}", api_key="${keyOf(endpoint)}")
Model       ${endpoint.model}`,
  },
  {
    kind: 'instructions',
    id: 'anthropic-sdk',
    name: 'Anthropic SDK',
    instructions: (endpoint) =>
      `JavaScript  new Anthropic({ baseURL: '${endpoint.url}', apiKey: '${keyOf(endpoint)}' })
Python      Anthropic(base_url="${endpoint.url}", api_key="${keyOf(endpoint)}")
Model       ${endpoint.model}`,
  },
  {
    kind: 'instructions',
    id: 'ai-sdk',
    name: 'Vercel AI SDK',
    instructions: (endpoint) =>
      `createOpenAICompatible({ name: 'lingma', baseURL: '${openAiUrl(endpoint)}', apiKey: '${keyOf(endpoint)}' })
createAnthropic({ baseURL: '${openAiUrl(endpoint)}', apiKey: '${keyOf(endpoint)}' })
Model ${endpoint.model}`,
  },
  {
    kind: 'instructions',
    id: 'other',
    name: 'Anything else',
    instructions: (endpoint) =>
      `OpenAI base URL      ${openAiUrl(endpoint)}
Anthropic base URL   ${endpoint.url}
API key              ${keyOf(endpoint)}
Model                ${endpoint.model}
Those that take variables: OPENAI_BASE_URL=${openAiUrl(endpoint)} OPENAI_API_KEY=${keyOf(endpoint)}`,
  },
];
