import { findListedModel, type Model } from '../core/models.ts';

export interface ClaudeCodeOptions {
  readonly url: string;
  /** '' asks for none. */
  readonly apiKey: string;
  readonly model: string;
  /** '' means the same as `model`. */
  readonly smallModel: string;
  readonly models: readonly Model[];
  /** What is set already. */
  readonly noProxy: string | undefined;
}

/** The variables with which Claude Code uses the proxy; null takes one away. */
export function claudeCodeEnvironment(options: ClaudeCodeOptions): Record<string, string | null> {
  const { url, apiKey, model, smallModel, models, noProxy } = options;
  const contextWindow = findListedModel(models, model)?.contextWindow;
  const small = smallModel || model;
  return {
    ANTHROPIC_BASE_URL: url,
    // As a token and not as a key: for a key, Claude Code asks first whether it may be used.
    ANTHROPIC_AUTH_TOKEN: apiKey || 'any',
    ANTHROPIC_API_KEY: null,
    ANTHROPIC_MODEL: model,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: small,
    ANTHROPIC_DEFAULT_SONNET_MODEL: model,
    ANTHROPIC_DEFAULT_OPUS_MODEL: model,
    ...(contextWindow === undefined ? {} : { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(contextWindow) }),
    NO_PROXY: noProxyWith(new URL(url).hostname, noProxy ?? ''),
  };
}

function noProxyWith(host: string, noProxy: string): string {
  const hosts = noProxy.split(',').map((entry) => entry.trim());
  return [...new Set([...hosts, host, 'localhost'])].filter((entry) => entry !== '').join(',');
}
