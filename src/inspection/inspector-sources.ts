import type { Recorder } from '../recording/recorder.ts';
import type { Redactor } from '../recording/redaction.ts';

/** What the inspector looks at. */
export interface InspectorSources {
  readonly recorder: Recorder;
  readonly redactor: Redactor;
}
