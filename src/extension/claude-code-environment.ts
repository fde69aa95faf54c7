import { noProxyWith } from '../clients/computer.ts';
import { claudeCodeVariables } from '../clients/connectors/claude-code-variables.ts';
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

/** The variables with which Claude Code uses the proxy in a terminal; null takes one away. */
export function claudeCodeEnvironment(options: ClaudeCodeOptions): Record<string, string | null> {
  const { url, model, models, noProxy } = options;
  const listed = findListedModel(models, model);
  return {
    ...claudeCodeVariables({ ...options, models: listed ? [{ ...listed, id: model }] : [] }),
    ANTHROPIC_API_KEY: null,
    NO_PROXY: noProxyWith(new URL(url).hostname, noProxy ?? ''),
  };
}
