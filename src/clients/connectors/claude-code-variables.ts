import { type Endpoint, keyOf, smallModelOf } from '../endpoint.ts';

/** The environment variables with which Claude Code uses the proxy, but for `NO_PROXY`. */
export function claudeCodeVariables(
  endpoint: Pick<Endpoint, 'url' | 'apiKey' | 'model' | 'smallModel' | 'models'>,
): Readonly<Record<string, string>> {
  const { url, model, models } = endpoint;
  const contextWindow = models.find(({ id }) => id === model)?.contextWindow;
  return {
    ANTHROPIC_BASE_URL: url,
    // As a token and not as a key: for a key, Claude Code asks first whether it may be used.
    ANTHROPIC_AUTH_TOKEN: keyOf(endpoint),
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    // Its background calls go to this one.
    ANTHROPIC_DEFAULT_HAIKU_MODEL: smallModelOf(endpoint),
    ...(contextWindow === undefined ? {} : { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(contextWindow) }),
    // The line that it puts before its instructions differs with every request, which nothing behind the proxy reads.
    CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
  };
}

/** Variables that would lead Claude Code elsewhere, or make it use another key or model. */
export const claudeCodeRivals = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_SMALL_FAST_MODEL',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
] as const;
