import { probeRuntime, type RuntimeProbe } from '../../backends/ipc/probe-runtime.ts';
import { english, inWords } from '../../core/localizer.ts';
import type { RuntimeEndpoint } from '../../core/login.ts';
import { findRuntimes } from '../../discovery.ts';
import type { RejectedSource } from '../../runtime/runtime-endpoints.ts';
import type { Examination } from '../examination.ts';
import type { Finding, FindingStatus, NextAction } from '../findings.ts';

interface Probed {
  readonly endpoint: RuntimeEndpoint;
  readonly probe: RuntimeProbe;
}

const installRuntime: NextAction = { action: 'install-runtime', args: {} };
const nameRuntime: NextAction = { action: 'open-settings', args: { setting: 'sharedClientInfo' } };

/**
 * Every runtime on this computer, and why each will be used or not. The best place that gets as far as a turn is the chosen one;
 * without one, what is nearest to it is told as the reason. Resolves to whether there is one.
 */
export async function checkRuntimes(examination: Examination): Promise<boolean> {
  const { diagnosis, settings, computer, backend, connectTimeoutMs, signal } = examination;
  const { endpoints, rejected } = await findRuntimes(settings, computer);
  const { mode, shellType, currentFilePath, cwd } = settings;
  const options = { mode, shellType, currentFilePath, cwd, timeoutMs: connectTimeoutMs, signal };
  const probed = await Promise.all(
    endpoints.map(async (endpoint): Promise<Probed> => {
      return { endpoint, probe: await probeRuntime(endpoint, options) };
    }),
  );
  const chosen = probed.find(({ probe }) => probe.state === 'ready');
  if (chosen !== undefined) {
    tellProbed(examination, chosen, 'ok', 'chosen');
    diagnosis.holds('runtime');
  }
  const others = probed.filter(
    (each) => each !== chosen && !(isReady(each) && each.endpoint.source === chosen?.endpoint.source),
  );
  const nearest = chosen === undefined ? nearestOf(others) : undefined;
  const grave = backend === 'ipc' ? 'error' : 'warning';
  for (const each of others) {
    const finding = tellProbed(examination, each, each === nearest ? grave : 'note', 'spare');
    if (each === nearest) diagnosis.breaks('runtime', finding);
  }
  for (const [index, each] of rejected.entries()) {
    const isReason = chosen === undefined && nearest === undefined && index === 0;
    const finding = tellRejected(examination, each, isReason && backend === 'ipc' ? 'error' : 'note');
    if (isReason) diagnosis.breaks('runtime', finding);
  }
  if (chosen === undefined && probed.length === 0 && rejected.length === 0) {
    const status = backend === 'ipc' ? 'error' : 'note';
    diagnosis.breaks('runtime', diagnosis.add('runtime', status, 'runtime.none', {}, installRuntime));
  }
  return chosen !== undefined;
}

function isReady({ probe }: Probed): boolean {
  return probe.state === 'ready';
}

/** The one that came closest to a turn. */
function nearestOf(probed: readonly Probed[]): Probed | undefined {
  const order: readonly RuntimeProbe['state'][] = ['partial', 'failing', 'silent', 'refused'];
  return order
    .map((state) => probed.find(({ probe }) => probe.state === state))
    .find((each) => each !== undefined);
}

function tellProbed(
  { diagnosis, settings, connectTimeoutMs }: Examination,
  { endpoint: { address, source }, probe }: Probed,
  status: FindingStatus,
  role: 'chosen' | 'spare',
): Finding {
  const where = { address, source };
  const next = status === 'note' ? undefined : installRuntime;
  switch (probe.state) {
    case 'ready':
      return diagnosis.add('runtime', status, `runtime.${role}`, { ...where, models: probe.modelCount });
    case 'partial':
      return diagnosis.add(
        'runtime',
        status,
        'runtime.partial',
        { ...where, models: probe.modelCount },
        next,
      );
    case 'refused': {
      const setting = settings.websocketUrl === address ? 'websocketUrl' : 'pipe';
      if (settings[setting] === address) {
        const correct: NextAction = { action: 'open-settings', args: { setting } };
        return diagnosis.add(
          'runtime',
          status,
          'runtime.set-refused',
          { ...where, code: probe.code },
          correct,
        );
      }
      return diagnosis.add('runtime', status, 'runtime.refused', { ...where, code: probe.code }, next);
    }
    case 'silent': {
      const seconds = Math.round(connectTimeoutMs / 1_000);
      return diagnosis.add('runtime', status, 'runtime.silent', { ...where, seconds }, next);
    }
    case 'failing':
      return diagnosis.add('runtime', status, 'runtime.failing', { ...where, reason: probe.reason }, next);
    default:
      return probe satisfies never;
  }
}

function tellRejected(
  { diagnosis, settings }: Examination,
  { source, fault, reason }: RejectedSource,
  status: FindingStatus,
): Finding {
  const place = { source, reason: inWords(reason, english) };
  const next = (action: NextAction) => (status === 'note' ? undefined : action);
  switch (fault) {
    case 'left-over':
      return diagnosis.add('runtime', status, 'runtime.left-over', place, next(installRuntime));
    case 'unreadable':
      return diagnosis.add(
        'runtime',
        status,
        'runtime.unreadable',
        place,
        next({ action: 'none', args: {} }),
      );
    case 'empty':
    case 'broken':
    case 'incomplete':
      return diagnosis.add('runtime', status, 'runtime.broken', place, next(installRuntime));
    case 'missing':
      return diagnosis.add('runtime', status, 'runtime.named-missing', place, next(nameRuntime));
    case 'other-transport': {
      const change: NextAction = { action: 'open-settings', args: { setting: 'transport' } };
      const { transport } = settings;
      const values = { ...place, transport };
      return diagnosis.add('runtime', status, 'runtime.other-transport', values, next(change));
    }
    case 'not-local':
      return diagnosis.add('runtime', status, 'runtime.not-local', place, next(installRuntime));
    case 'not-an-address': {
      const correct: NextAction = { action: 'open-settings', args: { setting: 'websocketUrl' } };
      return diagnosis.add('runtime', status, 'runtime.not-an-address', place, next(correct));
    }
    default:
      return fault satisfies never;
  }
}
