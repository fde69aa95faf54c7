import type { LogLine } from '../recording/log-buffer.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { Redactor } from '../recording/redaction.ts';
import type { UsageHistory } from '../recording/usage-history.ts';
import type { OwnEndpoint } from './call-self.ts';
import type { ModelSources } from './inspected-models.ts';

/** What the inspector looks at. */
export interface InspectorSources {
  readonly version: string;
  readonly recorder: Recorder;
  readonly redactor: Redactor;
  readonly usage: UsageHistory;
  readonly logs: { list(limit: number): readonly LogLine[] };
  readonly endpoint: OwnEndpoint;
  /** Rejects with a `ProxyError` when upstream cannot list them. */
  readonly models: () => Promise<ModelSources>;
  /** What the proxy says of itself, of its settings (without secrets), and of what it found on this computer. */
  readonly self: {
    readonly state: () => object;
    readonly settings: () => object;
    readonly detection: () => Promise<readonly string[]>;
  };
  /** Resolves once what an earlier run has left is among the records. */
  readonly restored: () => Promise<void>;
  /** Hears that all ended requests were forgotten. */
  readonly onClear: () => void;
}
