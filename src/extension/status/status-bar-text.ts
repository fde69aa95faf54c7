import type { Localizer } from '../../core/localizer.ts';
import { formatCount } from '../../shared/format-number.ts';
import { type CommandName, commandLink } from '../commands/command-table.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { Snapshot } from './snapshot.ts';
import { backendName, statusLines } from './status-lines.ts';

export interface StatusBarText {
  readonly text: string;
  /** For screen readers. */
  readonly spoken: string;
  readonly severity?: 'warning' | 'error';
  /** Markdown with icons and command links. */
  readonly hover: string;
}

/** The status bar item at one moment. */
export function statusBarText(snapshot: Snapshot, l10n: Localizer): StatusBarText {
  const { icon, words, severity } = summary(snapshot, l10n);
  return {
    text: `$(${icon}) ${words}`,
    spoken: `Lingma Proxy: ${words}`,
    ...(severity && { severity }),
    hover: hover(snapshot, l10n),
  };
}

interface Summary {
  readonly icon: string;
  readonly words: string;
  readonly severity?: 'warning' | 'error';
}

function summary({ kind, mode, live }: Snapshot, l10n: Localizer): Summary {
  const name = mode === 'demo' ? l10n.t('Lingma demo') : 'Lingma';
  switch (kind) {
    case 'stopped':
      return { icon: 'circle-outline', words: l10n.t('Lingma: off') };
    case 'starting':
      return { icon: 'loading~spin', words: l10n.t('Lingma: starting') };
    case 'stopping':
      return { icon: 'loading~spin', words: l10n.t('Lingma: stopping') };
    case 'failed':
      return { icon: 'error', words: l10n.t('Lingma: not started'), severity: 'error' };
    case 'running': {
      if (!live) return { icon: 'radio-tower', words: name };
      const inFlight = live.inFlight === 0 ? '' : ` · ${formatCount(live.inFlight)}`;
      const words = l10n.t('{0}: {1}', name, backendName(live.state.backend, l10n)) + inFlight;
      if (live.state.problem !== undefined) return { icon: 'warning', words, severity: 'warning' };
      return { icon: mode === 'demo' ? 'beaker' : 'radio-tower', words };
    }
    default:
      return kind satisfies never;
  }
}

function hover(snapshot: Snapshot, l10n: Localizer): string {
  const rows = statusLines(snapshot, l10n).map(({ icon, label, value, detail }) => {
    const more = detail === undefined ? '' : ` — ${escapeMarkdown(detail)}`;
    return `| $(${icon}) | ${escapeMarkdown(label).replaceAll(' ', '&nbsp;')} | ${escapeMarkdown(value)}${more} |`;
  });
  const table =
    rows.length === 0 ? l10n.t('The proxy does not run.') : ['| | | |', '|---|---|---|', ...rows].join('\n');
  const links = linksOf(snapshot, l10n).map(
    ([command, icon, title]) => `[$(${icon}) ${escapeMarkdown(title)}](${commandLink(command)})`,
  );
  return `**Lingma Proxy**\n\n${table}\n\n${links.join(' &nbsp; ')}`;
}

function linksOf({ kind }: Snapshot, l10n: Localizer): [CommandName, string, string][] {
  const doctor: [CommandName, string, string] = ['runDoctor', 'pulse', l10n.t('Doctor')];
  const log: [CommandName, string, string] = ['showLog', 'output', l10n.t('Log')];
  const settings: [CommandName, string, string] = ['openSettings', 'settings-gear', l10n.t('Settings')];
  if (kind !== 'running') return [['start', 'play', l10n.t('Start')], doctor, settings, log];
  return [
    ['copyEndpointUrl', 'link', l10n.t('Copy URL')],
    ['openInspector', 'inspect', l10n.t('Inspector')],
    ['connectClient', 'plug', l10n.t('Connect')],
    ['switchBackend', 'arrow-swap', l10n.t('Switch backend')],
    ['restart', 'debug-restart', l10n.t('Restart')],
    ['stop', 'debug-stop', l10n.t('Stop')],
    doctor,
    settings,
    log,
  ];
}
