import type { BaseUrl } from '../../core/login.ts';
import type { RunningProxy } from '../checks/check-port.ts';
import type { Examination } from '../examination.ts';
import { LocalClient } from '../local-client.ts';
import { checkAnswers, requestCount } from './check-answers.ts';
import { checkModels } from './check-models.ts';

export interface ThroughOptions {
  readonly version: string;
  /** Asked as it is; undefined: one is started for the occasion. */
  readonly running: RunningProxy | undefined;
  readonly baseUrl: BaseUrl | undefined;
  /** Whether a model is to answer anything. */
  readonly requests: boolean;
  readonly imagesPossible: boolean;
  readonly answerTimeoutMs: number;
}

/** What only a proxy can tell: the model list, and answers through every client API. */
export async function checkThrough(examination: Examination, options: ThroughOptions): Promise<void> {
  if (options.running !== undefined) {
    await askThrough(examination, options, options.running.client, false);
    return;
  }
  const { diagnosis, settings, computer, backend, signal } = examination;
  const { createProxy } = await import('../../proxy.ts');
  let client: LocalClient | undefined;
  let stop = async () => {};
  try {
    const occasional = {
      ...settings,
      backend,
      host: '127.0.0.1',
      port: 0,
      apiKey: '',
      apiKeys: [],
      prepareSessions: false,
    };
    const proxy = createProxy(occasional, { version: options.version, computer });
    stop = () => proxy.stop(0);
    client = new LocalClient(await proxy.start(), '', options.version);
    await askThrough(examination, options, client, true);
  } catch (error) {
    signal.throwIfAborted();
    const message = error instanceof Error ? error.message : String(error);
    const next = { action: 'show-log', args: {} } as const;
    diagnosis.breaks('models', diagnosis.add('models', 'error', 'requests.no-proxy', { message }, next));
  } finally {
    await client?.close();
    await stop();
  }
}

/** What the question for the models may have shown to be broken. */
const shownByModels = {
  remote: ['login', 'base-url', 'models'],
  ipc: ['runtime', 'models'],
} as const;

async function askThrough(
  examination: Examination,
  options: ThroughOptions,
  client: LocalClient,
  temporary: boolean,
): Promise<void> {
  const { diagnosis, backend } = examination;
  const { answerTimeoutMs, imagesPossible } = options;
  await checkModels(examination, client, options.baseUrl, answerTimeoutMs);
  const broken = diagnosis.firstBroken(shownByModels[backend]);
  if (broken !== undefined) {
    diagnosis.add('requests', 'note', 'requests.skipped', { link: broken });
  } else if (!options.requests) {
    diagnosis.add('requests', 'note', 'requests.left-out', {});
  } else {
    const count = requestCount;
    diagnosis.add('requests', 'note', 'requests.announced', { count, url: client.url, temporary });
    await checkAnswers(examination, { client, imagesPossible, answerTimeoutMs });
  }
}
