import type { Localizer } from '../core/localizer.ts';
import type { Clients } from './clients/clients.ts';
import type { CommandName } from './commands/command-table.ts';
import type { DoctorReport } from './doctor/doctor-report.ts';
import type { EditorSettingsSource } from './editor-settings.ts';
import type { Log } from './log.ts';
import type { Placement } from './placement.ts';
import type { ProxyHost } from './proxy/proxy-host.ts';
import type { ShownTexts } from './shown-texts.ts';
import type { Snapshot } from './status/snapshot.ts';

/** What the commands work with. */
export interface Session {
  readonly host: ProxyHost;
  readonly settings: EditorSettingsSource;
  readonly log: Log;
  readonly l10n: Localizer;
  /** Which computer the extension runs on. */
  readonly placement: Placement;
  /** The one inspector of the window: opens it or brings it to the front, with a request if one is named. */
  readonly inspector: { open(session: Session, id?: string): Promise<void> };
  /** The clients on this computer, as they were last looked at. */
  readonly clients: Clients;
  /** Documents that are shown and not stored. */
  readonly texts: ShownTexts;
  /** The one report of the window. */
  readonly doctor: DoctorReport;
  readonly snapshot: () => Snapshot;
  /** A command's title in the language of the editor. */
  readonly titleOf: (command: CommandName) => string;
  /** Whether the proxy has ever been started by hand; from then on it may start by itself. */
  readonly startedByHand: { get(): boolean; set(): Thenable<void> };
}
