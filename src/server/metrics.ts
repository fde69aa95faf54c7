import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RequestFeed } from '../recording/request-feed.ts';
import type { RequestSummary } from '../shared/requests.ts';
import type { ProxyState } from './services.ts';

export interface MetricsOptions {
  readonly requests: RequestFeed;
  readonly state: () => ProxyState;
}

/** What Prometheus reads. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Counts no longer. */
  close(): void;
}

/** Seconds. Answers of a model take from one second to many minutes. */
const durationBuckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];
const firstTokenBuckets = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];
const waitBuckets = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300];

/**
 * Counts requests as they end, and reads the rest when it is asked. Labels hold names only: the API, the model that answered, the
 * backend, the class of the status, the name of the key; never what a client made up, so that their number stays bounded.
 */
export function createMetrics({ requests, state }: MetricsOptions): Metrics {
  const registry = new Registry();
  const counted = createCounters(registry);
  createGauges(registry, requests, state);
  const stop = requests.subscribe((request) => {
    const summary = request.toSummary();
    if (summary.state !== 'running') count(counted, summary, state().backend);
  });
  return { contentType: registry.contentType, text: () => registry.metrics(), close: stop };
}

type Counters = ReturnType<typeof createCounters>;

function createCounters(registry: Registry) {
  const registers = [registry];
  const labelNames = ['api', 'model', 'backend'] as const;
  return {
    requests: new Counter({
      name: 'lingma_proxy_requests_total',
      help: 'Requests that have ended, by the class of their HTTP status and how they ended.',
      labelNames: [...labelNames, 'status', 'outcome', 'key'] as const,
      registers,
    }),
    duration: new Histogram({
      name: 'lingma_proxy_request_duration_seconds',
      help: 'From the arrival of a request to the end of its answer.',
      labelNames,
      buckets: durationBuckets,
      registers,
    }),
    firstToken: new Histogram({
      name: 'lingma_proxy_time_to_first_token_seconds',
      help: 'From the arrival of a request to the first piece of its answer.',
      labelNames,
      buckets: firstTokenBuckets,
      registers,
    }),
    waiting: new Histogram({
      name: 'lingma_proxy_queue_wait_seconds',
      help: 'Time that a request waited for its place.',
      buckets: waitBuckets,
      registers,
    }),
    tokens: new Counter({
      name: 'lingma_proxy_tokens_total',
      help: 'Tokens by direction (input, output) and who counted them (upstream, estimate).',
      labelNames: [...labelNames, 'direction', 'source', 'key'] as const,
      registers,
    }),
    retries: new Counter({
      name: 'lingma_proxy_upstream_retries_total',
      help: 'Further tries upstream after the first: retries, repairs and fallbacks to another model.',
      labelNames,
      registers,
    }),
  };
}

function count(counters: Counters, request: RequestSummary, backend: string): void {
  const { durationMs, firstTokenMs, waitedMs, attempts = 0 } = request;
  const about = { api: request.api || 'other', model: request.modelUsed ?? '', backend };
  const key = request.keyName ?? '';
  const { inputTokens, outputTokens, usageSource: source } = request;
  counters.requests.inc({ ...about, status: classOf(request.statusCode), outcome: request.state, key });
  counters.duration.observe(about, durationMs / 1_000);
  if (firstTokenMs !== undefined) counters.firstToken.observe(about, firstTokenMs / 1_000);
  if (waitedMs !== undefined) counters.waiting.observe(waitedMs / 1_000);
  if (attempts > 1) counters.retries.inc(about, attempts - 1);
  if (source === undefined) return;
  counters.tokens.inc({ ...about, direction: 'input', source, key }, inputTokens ?? 0);
  counters.tokens.inc({ ...about, direction: 'output', source, key }, outputTokens ?? 0);
}

/** `2xx`; a client that left before its answer began has 499. */
function classOf(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}

/** What is so at the moment, read when Prometheus asks. */
function createGauges(registry: Registry, requests: RequestFeed, state: () => ProxyState): void {
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const value = read();
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  gauge(
    'lingma_proxy_requests_in_flight',
    'Requests that have arrived and not ended.',
    () => requests.running,
  );
  gauge('lingma_proxy_turns_running', 'Requests that have a place in the pool.', () => state().running);
  gauge('lingma_proxy_turns_waiting', 'Requests that wait for a place in the pool.', () => state().waiting);
  gauge('lingma_proxy_ready', 'Whether /readyz says 200.', () => {
    const { status, draining } = state();
    return status === 'ready' && !draining ? 1 : 0;
  });
  gauge('lingma_proxy_models', 'Models of the present backend.', () => state().modelCount ?? 0);
  gauge('lingma_proxy_login_expiry_timestamp_seconds', 'When the login expires; 0 when unknown.', () => {
    const { loginExpiresAt } = state();
    return loginExpiresAt === null ? 0 : Date.parse(loginExpiresAt) / 1_000;
  });
  new Gauge({
    name: 'lingma_proxy_info',
    help: 'Always 1; the labels tell the version and the backend that answers now.',
    labelNames: ['version', 'backend'] as const,
    registers: [registry],
    collect() {
      const { version, backend } = state();
      this.reset();
      this.set({ version, backend }, 1);
    },
  });
  // The usual names for a process. Not prom-client's own set, whose observers would outlive a proxy that stops in an editor.
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage.rss());
  gauge('process_start_time_seconds', 'Start time of the process since the Unix epoch.', () =>
    Math.round(Date.now() / 1_000 - process.uptime()),
  );
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of the process.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1_000_000);
    },
  });
}
