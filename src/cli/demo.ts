import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ownKey } from '../config/own-key.ts';
import type { Settings } from '../config/settings.ts';
import { withoutLocations } from '../config/without-locations.ts';
import { inWords, type Localizer } from '../core/localizer.ts';
import type { createProxy, LingmaProxy } from '../proxy.ts';
import { thisComputer } from '../runtime/computer.ts';
import { version } from '../version.ts';

const question = 'Who are you? 你是谁？';

/** One way to ask the question: where, with which body, and where in its events the text is. */
interface Api {
  readonly name: string;
  readonly path: string;
  readonly body: object;
  readonly textOf: (event: unknown) => unknown;
}

const apis: readonly Api[] = [
  {
    name: 'OpenAI Chat Completions',
    path: '/v1/chat/completions',
    body: { model: 'kmodel', stream: true, messages: [{ role: 'user', content: question }] },
    textOf: (event) => at(event, 'choices', 0, 'delta', 'content'),
  },
  {
    name: 'OpenAI Responses',
    path: '/v1/responses',
    body: { model: 'kmodel', stream: true, input: question },
    textOf: (event) => (at(event, 'type') === 'response.output_text.delta' ? at(event, 'delta') : ''),
  },
  {
    name: 'Anthropic Messages',
    path: '/v1/messages',
    body: {
      model: 'kmodel',
      max_tokens: 1_000,
      stream: true,
      messages: [{ role: 'user', content: question }],
    },
    textOf: (event) => at(event, 'delta', 'text'),
  },
];

/** What the command line does for every proxy that it runs. */
export interface DemoHost {
  readonly createProxy: typeof createProxy;
  onStop(stop: () => Promise<void>): void;
  /** Starts the proxy; undefined when it could not, and why has been said. */
  listen(proxy: LingmaProxy): Promise<string | undefined>;
  readonly l10n: Localizer;
}

/**
 * Starts a simulated Lingma on loopback and the real proxy in front of it, asks one streamed question through each API, prints
 * the answers and commands to paste, and goes on serving until it is stopped.
 */
export async function runDemo(settings: Settings, host: DemoHost): Promise<void> {
  const { l10n } = host;
  const { startSimulator } = await import('../demo/simulator.ts');
  const simulator = await startSimulator();
  // The proxy finds the simulated Lingma as it would find the real one: by what lies in the home folder.
  const computer = { ...thisComputer(), home: simulator.home, env: simulator.environment };
  const proxy = host.createProxy(withoutLocations(settings), { version, computer });
  const stop = async () => {
    await proxy.stop();
    await simulator.close();
  };
  host.onStop(stop);
  const url = await host.listen(proxy);
  if (url === undefined) return stop();
  for (const line of await proxy.describe()) console.log(inWords(line, l10n));
  const notice = l10n.t(
    'This is a demo: a simulated Lingma on this computer answers, no model and no account is behind it.',
  );
  console.log(`\n${notice}`);
  for (const api of apis) await ask(url, api, ownKey(settings));
  console.log(commands(url, l10n));
}

async function ask(url: string, api: Api, apiKey: string): Promise<void> {
  process.stdout.write(`\n── ${api.name} (POST ${api.path})\n${question}\n› `);
  const response = await fetch(url + api.path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
    body: JSON.stringify(api.body),
  });
  if (!response.ok || !response.body) {
    throw new Error(`${api.path} answered with ${response.status}: ${await response.text()}`);
  }
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (data === '[DONE]') continue;
    const text = api.textOf(JSON.parse(data));
    if (typeof text === 'string') process.stdout.write(text);
  }
  process.stdout.write('\n');
}

function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function commands(url: string, l10n: Localizer): string {
  return `
── ${l10n.t('Paste one of these into another terminal')}

Claude Code
  ANTHROPIC_BASE_URL=${url} ANTHROPIC_API_KEY=any claude --model kmodel

Codex CLI
  LINGMA_KEY=any codex -c model=kmodel -c model_provider=lingma -c 'model_providers.lingma={name="Lingma",base_url="${url}/v1",env_key="LINGMA_KEY",wire_api="responses"}'

curl
  curl -N ${url}/v1/chat/completions -H 'content-type: application/json' -d '{"model":"kmodel","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

${l10n.t('Serving until Ctrl+C.')}`;
}
