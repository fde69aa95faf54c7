import * as z from 'zod';
import type { BaseUrl } from '../../core/login.ts';
import type { Examination } from '../examination.ts';
import type { Finding, NextAction } from '../findings.ts';
import type { LocalClient } from '../local-client.ts';
import { type FailedAnswer, failureIn, linkOf, noAnswer } from './failed-answer.ts';

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });
const retry: NextAction = { action: 'retry', args: {} };

/** Whether the account's models are listed. It costs nothing, and the answer tells whether login and base URL are right. */
export async function checkModels(
  examination: Examination,
  client: LocalClient,
  baseUrl: BaseUrl | undefined,
  answerTimeoutMs: number,
): Promise<void> {
  const { diagnosis, settings, signal } = examination;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]);
  try {
    const answer = await client.get('/v1/models', patience);
    const failure = failureIn(answer);
    if (failure !== undefined) {
      tellFailure(examination, failure, baseUrl);
      return;
    }
    const names = (modelList.safeParse(answer.body).data?.data ?? []).map(({ id }) => id);
    if (names.length === 0) {
      diagnosis.breaks('models', diagnosis.add('models', 'error', 'models.none', {}, retry));
      return;
    }
    const listed = { count: names.length, names: names.join(', ') };
    diagnosis.add('models', 'ok', 'models.listed', listed);
    diagnosis.holds('models');
    const { model } = settings;
    const named = await client.get(`/v1/models/${encodeURIComponent(model)}`, patience);
    if (named.status === 404) {
      diagnosis.add(
        'models',
        'warning',
        'models.unlisted-default',
        { model },
        { action: 'open-settings', args: { setting: 'model' } },
      );
    }
  } catch (error) {
    signal.throwIfAborted();
    tellFailure(examination, noAnswer(error, Math.round(answerTimeoutMs / 1_000)), baseUrl);
  }
}

function tellFailure(
  { diagnosis, backend }: Examination,
  failure: FailedAnswer,
  baseUrl: BaseUrl | undefined,
): void {
  const { status, code, message } = failure;
  if (code === 'misconfigured' && baseUrl !== undefined) {
    const next: NextAction = { action: 'open-settings', args: { setting: 'remoteBaseUrl' } };
    const { url, source } = baseUrl;
    diagnosis.breaks(
      'base-url',
      diagnosis.add('models', 'error', 'base-url.wrong-host', { url, source }, next),
    );
    return;
  }
  const isRefusal = backend === 'remote' && (status === 401 || status === 403);
  // A signature holds the time: where the clock is off, that is why it is refused.
  const clock: Finding | undefined = isRefusal ? diagnosis.find('clock.off') : undefined;
  const next: NextAction = clock ? { action: 'none', args: {} } : { action: 'sign-in', args: {} };
  const finding = isRefusal
    ? diagnosis.add('models', 'error', 'login.refused', { status, message }, next)
    : diagnosis.add('models', 'error', 'models.failed', { status, message }, retry);
  diagnosis.breaks(isRefusal ? 'login' : linkOf(failure, backend, 'models'), clock ?? finding);
}
