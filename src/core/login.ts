import { type Phrase, phrase, verbatim } from './localizer.ts';

/** The user's own login, as the IDE plugin left it on this computer. Secret: never logged, recorded or shown. */
export interface Login {
  readonly cosyKey: string;
  readonly encryptUserInfo: string;
  readonly userId: string;
  readonly machineId: string;
  readonly organizationId?: string;
  /** Unix milliseconds. */
  readonly expiresAt?: number;
  /** The file it was read from. */
  readonly source: string;
}

/** Where the remote API is, and why we think so. */
export interface BaseUrl {
  /** Without a trailing slash. */
  readonly url: string;
  /** `setting`, `environment`, `default`, or the file with the hint. */
  readonly source: string;
}

/** The name of a source for people: what is no file has one in their language. */
export function sourceName(source: string): Phrase {
  const [kind, name] = source.split(' ', 2);
  if (kind === 'setting') return name === undefined ? phrase('setting') : phrase('setting {0}', name);
  if (kind === 'environment')
    return name === undefined ? phrase('environment') : phrase('environment {0}', name);
  return source === 'default' ? phrase('default') : verbatim(source);
}

/** Where a local IPC runtime listens. */
export interface RuntimeEndpoint {
  readonly transport: 'websocket' | 'pipe';
  /** ws:// URL, Unix socket path or Windows named pipe. */
  readonly address: string;
  /** Whose runtime it is: decides the image URI scheme. Undefined: unknown until `initialize` answers. */
  readonly flavour?: 'qoder' | 'lingma';
  /** The info file, setting or well-known place that named it. */
  readonly source: string;
}
