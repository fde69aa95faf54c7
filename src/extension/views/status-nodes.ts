import type { Localizer } from '../../core/localizer.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { Snapshot } from '../status/snapshot.ts';
import { type StatusLine, statusLines } from '../status/status-lines.ts';
import type { TreeNode } from './tree-node.ts';

const colors = { warning: 'list.warningForeground', error: 'list.errorForeground' };

/** The entries of the Status view. None while the proxy is off: the view's welcome text stands there then. */
export function statusNodes(snapshot: Snapshot, l10n: Localizer): TreeNode[] {
  return statusLines(snapshot, l10n).map(toNode);
}

function toNode({ id, label, value, detail, icon, severity, command }: StatusLine): TreeNode {
  const more = detail === undefined ? '' : `\n\n${escapeMarkdown(detail)}`;
  return {
    id,
    label,
    description: value,
    icon,
    ...(severity && { color: colors[severity] }),
    tooltip: `${escapeMarkdown(value)}${more}`,
    kind: `status.${id}`,
    ...(command && { command }),
  };
}
