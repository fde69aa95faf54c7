import type { InstructionsConnector } from '../connector.ts';
import { keyOf, openAiUrl } from '../endpoint.ts';

/** What is connected in its user's own code or settings. */
export const instructionConnectors: readonly InstructionsConnector[] = [
  {
    kind: 'instructions',
    id: 'openai-sdk',
    name: 'OpenAI SDK',
    instructions: (endpoint, l10n) =>
      [
        `JavaScript  new OpenAI({ baseURL: '${openAiUrl(endpoint)}', apiKey: '${keyOf(endpoint)}' })`,
        `Python      OpenAI(base_url="${openAiUrl(endpoint)}", api_key="${keyOf(endpoint)}")`,
        l10n.t('Model: {0}', endpoint.model),
      ].join('\n'),
  },
  {
    kind: 'instructions',
    id: 'anthropic-sdk',
    name: 'Anthropic SDK',
    instructions: (endpoint, l10n) =>
      [
        `JavaScript  new Anthropic({ baseURL: '${endpoint.url}', apiKey: '${keyOf(endpoint)}' })`,
        `Python      Anthropic(base_url="${endpoint.url}", api_key="${keyOf(endpoint)}")`,
        l10n.t('Model: {0}', endpoint.model),
      ].join('\n'),
  },
  {
    kind: 'instructions',
    id: 'ai-sdk',
    name: 'Vercel AI SDK',
    instructions: (endpoint, l10n) =>
      [
        `createOpenAICompatible({ name: 'lingma', baseURL: '${openAiUrl(endpoint)}', apiKey: '${keyOf(endpoint)}' })`,
        `createAnthropic({ baseURL: '${openAiUrl(endpoint)}', apiKey: '${keyOf(endpoint)}' })`,
        l10n.t('Model: {0}', endpoint.model),
      ].join('\n'),
  },
  {
    kind: 'instructions',
    id: 'other',
    name: 'Anything else',
    instructions: (endpoint, l10n) =>
      [
        l10n.t('OpenAI base URL: {0}', openAiUrl(endpoint)),
        l10n.t('Anthropic base URL: {0}', endpoint.url),
        l10n.t('API key: {0}', keyOf(endpoint)),
        l10n.t('Model: {0}', endpoint.model),
        l10n.t('Variables, for those that take them:'),
        `OPENAI_BASE_URL=${openAiUrl(endpoint)} OPENAI_API_KEY=${keyOf(endpoint)}`,
        `ANTHROPIC_BASE_URL=${endpoint.url} ANTHROPIC_API_KEY=${keyOf(endpoint)}`,
      ].join('\n'),
  },
];
