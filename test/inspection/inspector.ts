import type { Model } from '../../src/core/models.ts';
import { createInspector } from '../../src/inspection/create-inspector.ts';
import type { InspectorSources } from '../../src/inspection/inspector-sources.ts';
import { LogBuffer } from '../../src/recording/log-buffer.ts';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import { UsageHistory } from '../../src/recording/usage-history.ts';
import type { InspectorCallName, InspectorInput, InspectorOutput } from '../../src/shared/inspector-calls.ts';

const models: readonly Model[] = [
  {
    id: 'kmodel',
    key: 'kmodel',
    displayName: 'Kimi-K2.6',
    aliases: ['Kimi-K2.6'],
    scene: 'chat',
    vision: true,
  },
  { id: 'other', key: 'other', displayName: 'Other', aliases: [], scene: 'chat' },
];

/** An inspector without a proxy around it. */
export function inspector(changes: Partial<InspectorSources> = {}) {
  const redactor = changes.redactor ?? new Redactor();
  const recorder = changes.recorder ?? new Recorder({ redactor });
  const logs = new LogBuffer(redactor);
  const usage = new UsageHistory();
  recorder.onSettled((request) => usage.add(request.toSummary()));
  const { call } = createInspector({
    version: '1.2.3',
    recorder,
    redactor,
    usage,
    logs,
    endpoint: { url: () => undefined, apiKey: () => '' },
    models: async () => ({
      backend: 'remote',
      models,
      resolve: (name) => (name === 'gpt-*' ? 'other' : 'kmodel'),
      patterns: ['gpt-*', 'claude-*'],
    }),
    self: {
      state: () => ({ status: 'ready' }),
      settings: () => ({ port: 8095 }),
      detection: async () => ['backend remote: found'],
    },
    restored: async () => {},
    onClear: () => {},
    ...changes,
  });
  return {
    recorder,
    redactor,
    logs,
    call,
    /** The output of a call that has to work. */
    ask: async <Name extends InspectorCallName>(
      name: Name,
      input: InspectorInput<Name>,
    ): Promise<InspectorOutput<Name>> => {
      const answer = await call(name, input);
      if (!answer.ok) throw new Error(`${name}: ${answer.failure.message}`);
      return answer.output as InspectorOutput<Name>;
    },
  };
}
