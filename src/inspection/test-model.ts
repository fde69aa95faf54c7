import { ProxyError } from '../core/errors.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Redactor } from '../recording/redaction.ts';
import type { InspectorOutput } from '../shared/inspector-calls.ts';
import { callSelf, type OwnEndpoint } from './call-self.ts';
import { readAnswer } from './read-answer.ts';

export interface TestModelSources {
  readonly recorder: Recorder;
  readonly redactor: Redactor;
  readonly endpoint: OwnEndpoint;
  readonly version: string;
}

/** Asks a model a question as any client of the Chat API would. Rejects with what went wrong. */
export async function testModel(
  model: string,
  prompt: string,
  { recorder, redactor, endpoint, version }: TestModelSources,
): Promise<InspectorOutput<'testModel'>> {
  const request = await callSelf(
    {
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', 'user-agent': `lingma-proxy/${version}` },
      body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: prompt }] }),
    },
    endpoint,
    recorder,
  );
  const { id, error, durationMs, firstTokenMs } = request.toSummary();
  if (error) throw new ProxyError('upstream-unavailable', error.message);
  const answer = await readAnswer(request, redactor);
  const texts = answer?.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  return {
    id,
    text: texts?.join('') ?? '',
    durationMs,
    ...(firstTokenMs === undefined ? {} : { firstTokenMs }),
  };
}
