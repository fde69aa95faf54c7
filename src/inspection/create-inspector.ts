import { ProxyError, toProxyError } from '../core/errors.ts';
import { type Failure, mapTexts, toFailure } from '../core/failure.ts';
import { phrase } from '../core/localizer.ts';
import { parseWith } from '../core/parse.ts';
import type { KeptRequest } from '../recording/record.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from '../shared/inspector-calls.ts';
import { readBody } from './body.ts';
import { callInputs } from './call-inputs.ts';
import { callSelf } from './call-self.ts';
import { compareRequests } from './compare.ts';
import { conversation } from './conversation.ts';
import { copyAs } from './copy-as.ts';
import { makeFeedbackBundle } from './feedback-bundle.ts';
import { findRequest } from './find-request.ts';
import { toFixture } from './fixture.ts';
import { toHar } from './har.ts';
import { inspectedModels } from './inspected-models.ts';
import type { InspectorSources } from './inspector-sources.ts';
import { listRequests } from './list-requests.ts';
import { overview } from './overview.ts';
import { recordedEvents } from './recorded-events.ts';
import { replayOf } from './replay.ts';
import { requestDetail } from './request-detail.ts';
import { testModel } from './test-model.ts';
import { findViolations } from './validation/find-violations.ts';

type Awaitable<T> = T | Promise<T>;

type InspectorHandlers = {
  readonly [Name in InspectorCallName]: (input: InspectorInput<Name>) => Awaitable<InspectorOutput<Name>>;
};

/** What came of a call. A failure is told and not thrown: an error's class does not survive the way between two bundles. */
export type InspectorAnswer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly failure: Failure };

export interface Inspector {
  /** Answers one of `InspectorCalls`, whoever asks: the name and the input are checked. Never rejects. */
  call(name: string, input: unknown): Promise<InspectorAnswer>;
}

/** Where clients usually reach a proxy of which nobody knows the address. */
const usualUrl = 'http://127.0.0.1:8095';
const mostLogLines = 4_000;

/** Answers what the inspector's panel asks of a proxy. From here on each answer is checked against its dialect as it ends. */
export function createInspector(sources: InspectorSources): Inspector {
  sources.recorder.checkAnswers(findViolations);
  const handlers = createHandlers(sources);
  const answer = async <Name extends InspectorCallName>(
    name: Name,
    input: unknown,
  ): Promise<InspectorOutput<Name>> => {
    const checked = parseWith<InspectorInput<Name>>(callInputs[name], input);
    await sources.restored();
    return handlers[name](checked);
  };
  return {
    async call(name, input) {
      try {
        if (!isCallName(name)) {
          throw new ProxyError('not-found', `The inspector has no call "${name.slice(0, 60)}".`);
        }
        return { ok: true, output: await answer(name, input) };
      } catch (error) {
        const failure = toFailure(toProxyError(error));
        return { ok: false, failure: mapTexts(failure, (text) => sources.redactor.text(text)) };
      }
    },
  };
}

function isCallName(name: string): name is InspectorCallName {
  return Object.hasOwn(callInputs, name);
}

function createHandlers(sources: InspectorSources): InspectorHandlers {
  const { recorder, redactor, endpoint, version, usage } = sources;
  const find = (id: string): KeptRequest => findRequest(recorder, id);
  return {
    list: async () => ({ requests: await listRequests(recorder) }),
    request: ({ id }) => requestDetail(find(id)),
    conversation: ({ id }) => conversation(find(id), redactor),
    body: ({ id, part }) => readBody(find(id), part, redactor),
    events: ({ id }) => recordedEvents(find(id)),
    compare: ({ left, right }) => compareRequests(find(left), find(right)),
    overview: ({ range }) => overview(usage, range),
    models: async () => {
      const models = await sources.models();
      return { models: inspectedModels(models), backend: models.backend };
    },
    testModel: ({ model, prompt }) => testModel(model, prompt, { recorder, redactor, endpoint, version }),
    replay: async ({ id, body }) => {
      const repeated = await callSelf(replayOf(find(id), body), endpoint, recorder);
      return { id: repeated.id };
    },
    copyAs: ({ id, format }) => ({ text: copyAs(find(id), format, endpoint.url() ?? usualUrl) }),
    export: ({ ids, format }) => ({ text: exportRequests(ids.map(find), format, version) }),
    feedbackBundle: (input) => feedbackBundle(input, sources),
    clear: () => {
      const cleared = recorder.clear();
      sources.onClear();
      return { cleared };
    },
  };
}

function exportRequests(
  requests: readonly KeptRequest[],
  format: InspectorInput<'export'>['format'],
  version: string,
): string {
  if (format === 'har') return JSON.stringify(toHar(requests, version), null, 2);
  const [request, ...others] = requests;
  if (!request || others.length > 0) {
    throw new ProxyError(
      'invalid-request',
      phrase('A fixture holds one request. Select one, or export a HAR.'),
    );
  }
  return JSON.stringify(toFixture(request.toRecord()), null, 2);
}

async function feedbackBundle(
  { from, to, environment, files }: InspectorInput<'feedbackBundle'>,
  { recorder, redactor, usage, logs, self, version }: InspectorSources,
): Promise<InspectorOutput<'feedbackBundle'>> {
  const { zip, requests } = await makeFeedbackBundle(
    {
      requests: recorder.newest(Number.MAX_SAFE_INTEGER),
      logs: logs.list(mostLogLines),
      overview: overview(usage, 'day'),
      state: self.state(),
      settings: self.settings(),
      environment: {
        version,
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        ...environment,
      },
      detection: await self.detection(),
      redactor,
      ...(files && { files }),
    },
    { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
  );
  return { zip: Buffer.from(zip).toString('base64'), requests };
}
