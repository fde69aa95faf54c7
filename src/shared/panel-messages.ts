import type { InspectorCallName, InspectorCalls } from './inspector-calls.ts';
import type { RequestSummary } from './requests.ts';

/** What the webview asks of VS Code itself. */
export interface PanelCalls {
  /** Puts text on the clipboard. */
  copy: { input: { readonly text: string }; output: Record<string, never> };
  /** Asks where to, and writes a file. */
  save: { input: { readonly name: string; readonly text: string }; output: { readonly saved: boolean } };
  /** Opens text in an editor of its own. */
  openText: { input: { readonly language: string; readonly text: string }; output: Record<string, never> };
  setDefaultModel: { input: { readonly model: string }; output: Record<string, never> };
  /** Sends requests for `name` to `model`; '' takes the rule away. */
  mapModel: { input: { readonly name: string; readonly model: string }; output: Record<string, never> };
  /** Runs one of the extension's own commands. */
  command: {
    input: { readonly name: 'start' | 'refreshModels' | 'exportFeedbackBundle' | 'openSettings' | 'showLog' };
    output: Record<string, never>;
  };
}

export type AllCalls = InspectorCalls & PanelCalls;
export type CallName = InspectorCallName | keyof PanelCalls;

/** From the webview. `number` comes back with the answer. */
export type ToPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'call'; readonly number: number; readonly name: CallName; readonly input: unknown };

/** To the webview. */
export type ToWebview =
  | { readonly type: 'answer'; readonly number: number; readonly output: unknown }
  | { readonly type: 'problem'; readonly number: number; readonly message: string }
  /** Requests that have begun, gone on or ended, at most every 100 ms; each takes the place of the one with its id. */
  | { readonly type: 'requests'; readonly changed: readonly RequestSummary[] }
  /** Another proxy, or none: everything has to be asked for anew. */
  | {
      readonly type: 'proxy';
      readonly running: boolean;
      readonly url?: string;
      readonly backend?: string;
      readonly attached: boolean;
    }
  | { readonly type: 'models-changed' }
  /** Shows this request, or this tab. */
  | { readonly type: 'reveal'; readonly id?: string; readonly tab?: 'requests' | 'overview' | 'models' };
