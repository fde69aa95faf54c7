import { ProxyError, toProxyError } from '../core/errors.ts';
import { parseWith } from '../core/parse.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from '../shared/inspector-calls.ts';
import { callInputs } from './call-inputs.ts';
import type { InspectorSources } from './inspector-sources.ts';

type Awaitable<T> = T | Promise<T>;

type InspectorHandlers = {
  readonly [Name in InspectorCallName]: (input: InspectorInput<Name>) => Awaitable<InspectorOutput<Name>>;
};

/** What came of a call. A failure is told and not thrown: an error's class does not survive the way between two bundles. */
export type InspectorAnswer =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly kind: ProxyError['kind']; readonly message: string };

export interface Inspector {
  /** Answers one of `InspectorCalls`, whoever asks: the name and the input are checked. Never rejects. */
  call(name: string, input: unknown): Promise<InspectorAnswer>;
}

/** Answers what the inspector's panel asks of a proxy. */
export function createInspector(sources: InspectorSources): Inspector {
  const handlers = createHandlers(sources);
  const answer = async <Name extends InspectorCallName>(
    name: Name,
    input: unknown,
  ): Promise<InspectorOutput<Name>> =>
    handlers[name](parseWith<InspectorInput<Name>>(callInputs[name], input));
  return {
    async call(name, input) {
      try {
        if (!isCallName(name)) {
          throw new ProxyError('not-found', `The inspector has no call "${name.slice(0, 60)}".`);
        }
        return { ok: true, output: await answer(name, input) };
      } catch (error) {
        const { kind, message } = toProxyError(error);
        return { ok: false, kind, message: sources.redactor.text(message) };
      }
    },
  };
}

function isCallName(name: string): name is InspectorCallName {
  return Object.hasOwn(callInputs, name);
}

function createHandlers({ recorder }: InspectorSources): InspectorHandlers {
  const later = () => {
    throw new ProxyError('unsupported-feature', 'Not there yet.');
  };
  return {
    list: () => ({ requests: recorder.summaries(Number.MAX_SAFE_INTEGER) }),
    clear: () => ({ cleared: recorder.clear() }),
    request: later,
    conversation: later,
    body: later,
    events: later,
    compare: later,
    overview: later,
    models: later,
    testModel: later,
    replay: later,
    copyAs: later,
    export: later,
    feedbackBundle: later,
  };
}
