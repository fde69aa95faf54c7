import { join } from 'node:path';
import { z } from 'zod';
import { type RunningClient, startClient } from './client-run.ts';
import type { ClientPlace } from './stage.ts';

export interface ClaudeCodeOptions {
  /** A prompt, or the content blocks of a message. */
  readonly prompt: string | readonly object[];
  readonly model?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts Claude Code without a terminal; its output is one JSON message a line. */
export function startClaudeCode(place: ClientPlace, options: ClaudeCodeOptions): RunningClient {
  const { prompt, model = 'kmodel', args = [], env = {} } = options;
  const asText = typeof prompt === 'string';
  return startClient(
    join(place.bin, 'claude'),
    [
      ...['-p', ...(asText ? [prompt] : ['--input-format', 'stream-json'])],
      ...['--model', model, '--output-format', 'stream-json', '--verbose', '--dangerously-skip-permissions'],
      ...args,
    ],
    {
      cwd: place.workspace,
      env: {
        HOME: place.home,
        ANTHROPIC_BASE_URL: place.proxyUrl,
        ANTHROPIC_API_KEY: 'any',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        IS_SANDBOX: '1',
        ...env,
      },
      ...(asText
        ? {}
        : { input: `${JSON.stringify({ type: 'user', message: { role: 'user', content: prompt } })}\n` }),
    },
  );
}

const outputLine = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  result: z.string().optional(),
  is_error: z.boolean().optional(),
  tools: z.array(z.string()).optional(),
  message: z
    .looseObject({
      content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]),
    })
    .optional(),
});
export type ClaudeCodeMessage = z.infer<typeof outputLine>;

/** The messages that Claude Code printed. */
export function readClaudeCode(stdout: string): readonly ClaudeCodeMessage[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => outputLine.parse(JSON.parse(line)));
}
