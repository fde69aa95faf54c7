import type { Measurement } from './suite-results.ts';

declare global {
  /** Shared by a suite and what runs it, which are two bundles in one extension host. */
  var lingmaProxyMeasurements: Measurement[] | undefined;
}

/** Everything measured so far in this extension host. */
export function measurements(): Measurement[] {
  globalThis.lingmaProxyMeasurements ??= [];
  return globalThis.lingmaProxyMeasurements;
}
