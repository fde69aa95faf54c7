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
  [/^lingma-proxy/i, 'Lingma Proxy'],
];

/** What clients are built with: said only where nothing says which client it is. */
const knownLibraries: readonly (readonly [RegExp, string])[] = [
  [/^anthropic/i, 'Anthropic SDK'],
  [/^openai|^asyncopenai/i, 'OpenAI SDK'],
  [/^ai-sdk|^ai\//i, 'AI SDK'],
  [/^curl/i, 'curl'],
];

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A client's product as its headers tell it: a known name in its user agent, the title or originator that it gives itself, the
 * library that it is built with, else the first word of its user agent; '' when there is nothing.
 */
export function clientName(headers: Headers): string {
  const agent = textOf(headers, 'user-agent');
  const own = textOf(headers, 'x-title') || textOf(headers, 'originator');
  return (
    nameIn(knownClients, agent) ??
    nameIn(knownClients, own) ??
    (own.slice(0, 60) || nameIn(knownLibraries, agent)) ??
    agent.split(/[\s/]/, 1)[0]?.slice(0, 60) ??
    ''
  );
}

function nameIn(known: typeof knownClients, text: string): string | undefined {
  return known.find(([pattern]) => pattern.test(text))?.[1];
}

function textOf(headers: Headers, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : '';
}
