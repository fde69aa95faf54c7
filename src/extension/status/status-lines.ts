import { failureWords } from '../../core/failure.ts';
import { inWords, type Localizer } from '../../core/localizer.ts';
import { sourceName } from '../../core/login.ts';
import type { ProxyState } from '../../server/services.ts';
import { formatCount, formatTokens } from '../../shared/format-number.ts';
import { version } from '../../version.ts';
import type { CommandName } from '../commands/command-table.ts';
import type { Owner } from '../proxy/running-proxy.ts';
import type { Usage } from '../usage-today.ts';
import type { Snapshot } from './snapshot.ts';

/** One thing to know about the proxy. */
export interface StatusLine {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** What does not fit into the line, such as the file that something was read from. */
  readonly detail?: string;
  readonly icon: string;
  readonly severity?: 'warning' | 'error';
  /** What a click on it does. */
  readonly command?: CommandName;
}

type Live = NonNullable<Snapshot['live']>;

/** What is worth knowing now, the most important first. The hover and the status view show the same. */
export function statusLines(snapshot: Snapshot, l10n: Localizer): StatusLine[] {
  const { live, failure, mode, usage } = snapshot;
  const lines: StatusLine[] = [];
  if (failure !== undefined) {
    const label = l10n.t('Not started');
    lines.push({
      id: 'failure',
      label,
      value: failure,
      icon: 'error',
      severity: 'error',
      command: 'showLog',
    });
  }
  if (!live) return lines;
  if (mode === 'demo') {
    lines.push({
      id: 'demo',
      label: l10n.t('Demo'),
      value: l10n.t('a simulated Lingma answers; no model and no account is behind it'),
      icon: 'beaker',
    });
  }
  const { state, needRestart } = live;
  if (state.problem !== undefined) {
    const label = l10n.t('Waiting');
    const value = failureWords(state.problem, l10n);
    lines.push({ id: 'problem', label, value, icon: 'warning', severity: 'warning' });
  }
  if (needRestart.length > 0) {
    lines.push({
      id: 'restart',
      label: l10n.t('Restart needed'),
      value: l10n.t('for {0}', needRestart.join(', ')),
      icon: 'debug-restart',
      severity: 'warning',
      command: 'restart',
    });
  }
  lines.push(
    {
      id: 'endpoint',
      label: l10n.t('Endpoint'),
      value: live.url,
      icon: 'plug',
      command: 'copyEndpointUrl',
    },
    ...ownerLines(live, l10n),
    {
      id: 'backend',
      label: l10n.t('Backend'),
      value: backendName(state.backend, l10n),
      icon: 'arrow-swap',
      command: 'switchBackend',
    },
    ...upstreamLines(state, l10n),
    {
      id: 'models',
      label: l10n.t('Models'),
      value: state.modelCount === null ? l10n.t('not known yet') : formatCount(state.modelCount),
      icon: 'list-unordered',
      command: 'showModels',
    },
    { id: 'requests', label: l10n.t('In flight'), value: formatCount(live.inFlight), icon: 'pulse' },
    { id: 'usage', label: l10n.t('Today'), value: usageText(usage, l10n), icon: 'graph' },
  );
  return lines;
}

/** Where the proxy runs, when that is not simply in this window on this computer. */
function ownerLines({ relation, owner, placement }: Live, l10n: Localizer): StatusLine[] {
  const lines: StatusLine[] = [];
  if (relation === 'attached') {
    const isWindow = owner.kind === 'window';
    lines.push({
      id: 'owner',
      label: l10n.t('Runs in'),
      value: isWindow ? l10n.t('another window') : l10n.t('a process of its own'),
      detail: ownerDetail(owner, l10n),
      icon: isWindow ? 'multiple-windows' : 'pinned',
    });
  }
  if (placement) {
    const { where, advice } = placement;
    lines.push({ id: 'placement', label: l10n.t('Runs on'), value: where, detail: advice, icon: 'vm' });
  }
  return lines;
}

function ownerDetail({ kind, pid, version: owners }: Owner, l10n: Localizer): string {
  if (kind === 'window') {
    if (owners === version) return l10n.t('process {0}', pid);
    return l10n.t('process {0}, version {1}; this window has {2}', pid, owners, version);
  }
  if (owners === version) return l10n.t('process {0}; Stop ends it', pid);
  return l10n.t('process {0}, version {1}; Restart updates it to {2}', pid, owners, version);
}

/** The backend as people call it. */
export function backendName(backend: string, l10n: Localizer): string {
  return backend === 'ipc' ? l10n.t('local runtime') : l10n.t('remote API');
}

function upstreamLines(state: ProxyState, l10n: Localizer): StatusLine[] {
  const { endpoint, endpointSource, loginSource, loginExpiresAt } = state;
  const isIpc = state.backend === 'ipc';
  const lines: StatusLine[] = [
    {
      id: 'upstream',
      label: isIpc ? l10n.t('Runtime') : l10n.t('Service'),
      value: endpoint === '' ? l10n.t('not found yet') : endpoint,
      ...(endpointSource === '' ? {} : { detail: inWords(sourceName(endpointSource), l10n) }),
      icon: isIpc ? 'device-desktop' : 'cloud',
    },
  ];
  if (isIpc) return lines;
  const expiry = loginExpiresAt === null ? '' : l10n.t('until {0}', dateOf(loginExpiresAt, l10n.language));
  lines.push({
    id: 'login',
    label: l10n.t('Login'),
    value: loginSource === null ? l10n.t('none found yet') : expiry || l10n.t('found'),
    ...(loginSource === null ? {} : { detail: loginSource }),
    icon: 'account',
  });
  return lines;
}

function usageText({ requests, inputTokens, outputTokens, isEstimate }: Usage, l10n: Localizer): string {
  if (requests === 0) return l10n.t('no requests');
  const about = isEstimate ? '≈ ' : '';
  const counted = requests === 1 ? l10n.t('1 request') : l10n.t('{0} requests', formatCount(requests));
  const tokens = l10n.t(
    '{0} tokens in, {1} out',
    about + formatTokens(inputTokens),
    formatTokens(outputTokens),
  );
  return l10n.t('{0}, {1}', counted, tokens);
}

function dateOf(iso: string, language: string): string {
  return new Date(iso).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
}
