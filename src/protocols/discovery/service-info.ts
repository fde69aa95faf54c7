/** What the discovery answers say of this proxy itself. */
export interface ServiceInfo {
  readonly version: string;
  /** `remote` or `ipc`. */
  readonly backend: string;
  /** How many turns run at a time. */
  readonly maxConcurrent: number;
}

/** The name under which this proxy goes in every answer about itself. */
export const serviceName = 'lingma-proxy';
