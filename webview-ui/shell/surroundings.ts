import type { Call, NoticeOf } from '../connection.ts';
import type { PanelState } from './panel-state.ts';

/** The proxy as the host tells of it. */
export type ProxyNotice = Omit<NoticeOf<'proxy'>, 'type'>;

/** What each tab is given. */
export interface Surroundings {
  readonly call: Call;
  /** What is remembered; a change shows at once. */
  readonly state: PanelState;
  change(change: Partial<PanelState>): void;
  readonly proxy: ProxyNotice;
  /** Shows a line at the lower edge, and has it read out. */
  tell(message: string, severity?: 'info' | 'error'): void;
  /** Shows a request in the first tab. */
  openRequest(id: string): void;
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
