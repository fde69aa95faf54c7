/** User-agent beginnings of clients that people know by name. */
const knownClients: readonly (readonly [RegExp, string])[] = [
  [/^claude-cli|^claude-code/i, 'Claude Code'],
  [/^codex/i, 'Codex CLI'],
  [/^opencode/i, 'OpenCode'],
  [/^qwen/i, 'Qwen Code'],
  [/cline/i, 'Cline'],
  [/continue/i, 'Continue'],
  [/openclaw/i, 'OpenClaw'],
  [/hermes/i, 'Hermes'],
  [/codebuddy/i, 'CodeBuddy'],
  [/^anthropic/i, 'Anthropic SDK'],
  [/^openai|^asyncopenai/i, 'OpenAI SDK'],
  [/^ai-sdk|^ai\//i, 'AI SDK'],
  [/^curl/i, 'curl'],
];

/** A client's product as its headers tell it: a known name, else the first word of its user agent, else ''. */
export function clientName(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): string {
  const header = headers['user-agent'];
  const agent = typeof header === 'string' ? header : '';
  const known = knownClients.find(([pattern]) => pattern.test(agent));
  return known?.[1] ?? agent.split(/[\s/]/, 1)[0]?.slice(0, 60) ?? '';
}
