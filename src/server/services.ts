import type { Backend } from '../core/backend.ts';
import type { Failure } from '../core/failure.ts';
import type { Logger } from '../core/logger.ts';
import type { Model } from '../core/models.ts';
import type { Turn } from '../core/turn.ts';
import type { CapabilitiesInfo } from '../protocols/discovery/capabilities.ts';
import type { LogLine } from '../recording/log-buffer.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { CallerKey } from './caller-keys.ts';

/** What `/health` tells. Holds no secrets. */
export interface ProxyState {
  readonly status: 'ready' | 'waiting';
  /** It is about to stop, and asks load balancers to send no more. */
  readonly draining?: boolean;
  /** Why it is waiting and what to do. */
  readonly problem?: Failure;
  readonly version: string;
  readonly backend: string;
  readonly endpoint: string;
  readonly endpointSource: string;
  /** The file that the login was read from; null when there is none, or none is needed. */
  readonly loginSource: string | null;
  /** ISO 8601; null when unknown. */
  readonly loginExpiresAt: string | null;
  readonly modelCount: number | null;
  readonly uptimeSeconds: number;
  readonly running: number;
  readonly waiting: number;
}

/** What the server needs of the rest of the program. */
export interface Services {
  readonly version: string;
  /** The backend that answers turns from now on; asked anew for each request, so that it can be switched. */
  readonly backend: () => Backend;
  /** A turn is about to come: what takes a moment is looked after meanwhile. Never throws. */
  readonly expectTurn: () => void;
  readonly models: (signal: AbortSignal) => Promise<readonly Model[]>;
  /** An estimate of the input tokens that a turn costs its caller. */
  readonly countTokens: (turn: Turn, caller: string | undefined) => number;
  readonly state: () => ProxyState;
  /** What the discovery answers say of the proxy itself. */
  readonly serviceInfo: () => CapabilitiesInfo;
  readonly recorder: Recorder;
  readonly logs: { list(limit: number): readonly LogLine[] };
  readonly logger: Logger;
}

export interface ServerSettings {
  readonly host: string;
  /** Any of them opens the door. None: no key is asked for, except of browsers on inspection calls. */
  readonly keys: readonly CallerKey[];
  /** Who may read `/metrics`; `off`: it is not there. */
  readonly metrics: 'off' | 'key' | 'open';
  /** With it, and from this computer only, the calls under `/control` are answered. */
  readonly controlToken?: string;
  /** Origins whose pages may call the proxy, such as `http://localhost:3000`. */
  readonly allowedOrigins: readonly string[];
  /** Bytes, compressed and decompressed alike. */
  readonly bodyLimit: number;
  /** Silence on a stream after which the client gets a sign of life. Milliseconds. */
  readonly keepAliveMs: number;
  /** Bytes for earlier responses that a request may refer to. */
  readonly responseStoreLimit: number;
  /** Milliseconds that an answer may take in all; 0: no limit. */
  readonly timeoutMs: number;
}
