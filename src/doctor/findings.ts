import type { SettingName, Settings } from '../config/settings.ts';
import type { LinkName } from './links.ts';

/** `error`: something does not work. `warning`: something will, or might, not. `note`: worth knowing, nothing to do. */
export type FindingStatus = 'ok' | 'note' | 'warning' | 'error';

/** The parts of a report, in its order. */
export const sections = [
  'settings',
  'installation',
  'port',
  'network',
  'runtime',
  'login',
  'remote',
  'models',
  'requests',
] as const;

export type Section = (typeof sections)[number];

/** The client APIs that are tried; `every` where it went alike with all of them. */
export type ApiName = 'chat-completions' | 'responses' | 'messages' | 'every';

/** What each finding is about, for its text; paths, addresses and counts, never a secret. Times are ISO 8601. */
export interface FindingValues {
  /** `given`: what is not the default, each with its origin. */
  'settings.fine': { readonly given: string; readonly file: string };
  'settings.warning': { readonly warning: string };
  'settings.unusable': { readonly problem: string };
  'settings.readable-by-others': { readonly source: string };

  'node.fine': { readonly version: string };
  'node.too-old': { readonly version: string; readonly needed: string };
  'images-library.fine': Nothing;
  'images-library.missing': { readonly reason: string };
  'place.local': { readonly platform: string };
  'place.wsl': { readonly distribution: string };
  'place.container': Nothing;
  /** `kind`: `ssh`, or the editor's own name for its kind of remote. */
  'place.remote': { readonly kind: string };

  'proxy.none': Nothing;
  'proxy.in-use': { readonly url: string; readonly source: string };
  /** Set in the environment, and not on the way to the remote API. */
  'proxy.not-used': { readonly url: string; readonly source: string };
  'proxy.unreachable': { readonly url: string; readonly source: string; readonly code: string };
  'proxy.invalid': { readonly source: string };
  'proxy.loopback': { readonly source: string };

  'port.any': Nothing;
  'port.free': { readonly host: string; readonly port: number };
  'port.ours': { readonly url: string; readonly version: string; readonly backend: string };
  'port.other-backend': { readonly url: string; readonly backend: string; readonly configured: string };
  'port.other-proxy': { readonly url: string; readonly version: string };
  /** `holder` is '' when it cannot be told; `free` is a port that is free, 0 when none was found. */
  'port.taken': Endpoint & { readonly holder: string; readonly free: number };
  'port.no-answer': { readonly url: string };
  'port.forbidden': Endpoint;
  'port.no-such-address': Endpoint;

  'runtime.chosen': Runtime & { readonly models: number };
  'runtime.spare': Runtime & { readonly models: number };
  'runtime.partial': Runtime & { readonly models: number };
  'runtime.refused': Runtime & { readonly code: string };
  /** As `runtime.refused`, at an address that is set. */
  'runtime.set-refused': Runtime & { readonly code: string };
  'runtime.silent': Runtime & { readonly seconds: number };
  'runtime.failing': Runtime & { readonly reason: string };
  'runtime.left-over': Place;
  'runtime.unreadable': Place;
  'runtime.broken': Place;
  'runtime.named-missing': Place;
  'runtime.other-transport': Place & { readonly transport: Settings['transport'] };
  'runtime.not-local': Place;
  'runtime.not-an-address': Place;
  'runtime.none': Nothing;

  'login.chosen': Login & { readonly rule: Settings['remoteAuthPick'] };
  'login.expiring': Login & { readonly hours: number };
  'login.spare': Login & { readonly rule: Settings['remoteAuthPick'] };
  'login.expired': Login;
  'login.unreadable': Place;
  'login.incomplete': Place;
  'login.undecryptable': Place;
  'login.no-machine-id': Place;
  'login.named-missing': { readonly source: string };
  'login.none': { readonly places: number };
  'login.readable-by-others': { readonly source: string };
  'login.not-needed': Nothing;
  'login.refused': { readonly status: number; readonly message: string };

  'base-url.answers': { readonly url: string; readonly source: string };
  'base-url.invalid': { readonly message: string };
  'base-url.unencrypted': { readonly url: string };
  'base-url.unknown-name': Unreachable;
  'base-url.untrusted': Unreachable;
  'base-url.behind-proxy': Unreachable;
  'base-url.unreachable': Unreachable;
  'base-url.wrong-host': { readonly url: string; readonly source: string };
  'clock.fine': { readonly seconds: number };
  /** `seconds`: positive when this computer is ahead. */
  'clock.off': { readonly seconds: number };

  'models.listed': { readonly count: number; readonly names: string };
  'models.none': Nothing;
  'models.failed': { readonly status: number; readonly message: string };
  'models.unlisted-default': { readonly model: string };

  /** The backend that is not examined has what it needs. */
  'requests.other-backend': { readonly backend: Settings['backend'] };
  'requests.left-out': Nothing;
  'requests.announced': { readonly count: number; readonly url: string; readonly temporary: boolean };
  'requests.skipped': { readonly link: LinkName };
  'requests.no-proxy': { readonly message: string };
  'text.works': Trip;
  'text.fails': FailedTrip;
  'tools.works': Trip;
  'tools.fails': FailedTrip;
  'tools.no-call': { readonly api: ApiName };
  'images.works': Trip;
  'images.unseen': Trip;
  'images.fails': FailedTrip;
  'images.need-runtime': Nothing;
}

type Nothing = Readonly<Record<never, never>>;

interface Endpoint {
  readonly host: string;
  readonly port: number;
}

interface Runtime {
  readonly address: string;
  readonly source: string;
}

/** `reason` is the end of an English sentence that begins with the source. */
interface Place {
  readonly source: string;
  readonly reason: string;
}

/** `expires` is '' when it is not known. */
interface Login {
  readonly source: string;
  readonly expires: string;
}

interface Unreachable {
  readonly url: string;
  readonly source: string;
  readonly code: string;
}

interface Trip {
  readonly api: ApiName;
  readonly milliseconds: number;
}

/** `status` is the HTTP status, 0 when there was none. */
interface FailedTrip {
  readonly api: ApiName;
  readonly status: number;
  readonly message: string;
}

export type FindingId = keyof FindingValues;

/** What a host can do about a finding by itself, for a button; `none` where only the person can. */
export type NextAction =
  | { readonly action: 'open-settings'; readonly args: { readonly setting?: SettingName } }
  | { readonly action: 'set-port'; readonly args: { readonly port: number } }
  | { readonly action: 'switch-backend'; readonly args: { readonly backend: Settings['backend'] } }
  | { readonly action: PlainAction; readonly args: Readonly<Record<string, never>> };

/** `install-runtime`: open, or install, Lingma or QoderCN. `retry`: run the diagnosis again. */
export type PlainAction = 'start' | 'restart' | 'install-runtime' | 'sign-in' | 'retry' | 'show-log' | 'none';

interface FindingOf<Id extends FindingId> {
  readonly id: Id;
  readonly section: Section;
  readonly status: FindingStatus;
  readonly values: FindingValues[Id];
  /** Absent: there is nothing to do. */
  readonly next?: NextAction;
}

/** One thing that was found out. `describeFinding` gives its words. */
export type Finding<Ids extends FindingId = FindingId> = { readonly [Id in Ids]: FindingOf<Id> }[Ids];
