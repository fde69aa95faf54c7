import type { Localizer } from '../../core/localizer.ts';
import { formatCount, formatDuration } from '../../shared/format-number.ts';
import type { RequestSummary } from '../../shared/requests.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { TreeNode } from './tree-node.ts';

/** The entries of the Recent Requests view, in the order given. */
export function requestNodes(requests: readonly RequestSummary[], l10n: Localizer): TreeNode[] {
  return requests.map((request) => ({
    id: request.id,
    label: labelOf(request),
    description: descriptionOf(request, l10n),
    ...iconOf(request),
    tooltip: tooltip(request, l10n),
    kind: 'request',
    command: 'openInspector',
  }));
}

function labelOf({ modelAsked, method, path }: RequestSummary): string {
  return modelAsked || `${method} ${path.split('?', 1)[0]}`;
}

function descriptionOf(request: RequestSummary, l10n: Localizer): string {
  const { state, durationMs, client } = request;
  const parts = state === 'running' ? [l10n.t('running')] : [formatDuration(durationMs)];
  const tokens = tokensOf(request, l10n);
  if (tokens !== undefined) parts.push(tokens);
  if (client !== '') parts.push(client);
  return parts.join(' · ');
}

function tokensOf({ inputTokens, outputTokens, usageSource }: RequestSummary, l10n: Localizer) {
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const about = usageSource === 'estimate' ? '≈ ' : '';
  return l10n.t('{0} + {1} tokens', about + formatCount(inputTokens), formatCount(outputTokens));
}

function iconOf({ state }: RequestSummary): Pick<TreeNode, 'icon' | 'color'> {
  switch (state) {
    case 'running':
      return { icon: 'loading~spin' };
    case 'done':
      return { icon: 'pass', color: 'testing.iconPassed' };
    case 'failed':
      return { icon: 'error', color: 'testing.iconFailed' };
    case 'cancelled':
      return { icon: 'circle-slash' };
    default:
      return state satisfies never;
  }
}

function tooltip(request: RequestSummary, l10n: Localizer): string {
  const { method, path, statusCode, time, modelAsked, modelUsed, firstTokenMs, toolCalls, error } = request;
  const lines = [
    `**${method}** ${escapeMarkdown(path)}${statusCode === undefined ? '' : ` → ${statusCode}`}`,
  ];
  lines.push(`$(clock) ${escapeMarkdown(new Date(time).toLocaleTimeString(l10n.language))}`);
  if (modelAsked !== undefined && modelUsed !== undefined && modelUsed !== modelAsked) {
    lines.push(`$(symbol-method) ${escapeMarkdown(l10n.t('{0} as {1}', modelAsked, modelUsed))}`);
  }
  if (firstTokenMs !== undefined) {
    lines.push(`$(zap) ${escapeMarkdown(l10n.t('first token after {0}', formatDuration(firstTokenMs)))}`);
  }
  if (toolCalls > 0) lines.push(`$(tools) ${escapeMarkdown(l10n.t('tool calls: {0}', toolCalls))}`);
  if (error)
    lines.push(
      `$(error) ${escapeMarkdown(l10n.t('The client was told {0}: {1}', error.kind, error.message))}`,
    );
  return lines.join('\n\n');
}
