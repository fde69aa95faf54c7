import type { Localizer } from '../../core/localizer.ts';
import type { Model } from '../../core/models.ts';
import { formatCount, formatTokens } from '../../shared/format-number.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { TreeNode } from './tree-node.ts';

/** The entries of the Models view: groups by where upstream says that a model comes from and what it is for, in upstream's order. */
export function modelNodes(
  models: readonly Model[],
  defaultModel: string | undefined,
  l10n: Localizer,
): TreeNode[] {
  const groups = new Map<string, Model[]>();
  for (const model of models) {
    const key = [model.source ?? '', model.scene].join('\n');
    const group = groups.get(key);
    if (group) group.push(model);
    else groups.set(key, [model]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { scene, source } = first;
    return {
      id: `group:${source ?? ''}:${scene}`,
      label: sceneName(scene, l10n),
      ...(source === undefined ? {} : { description: source }),
      kind: 'modelGroup',
      children: group.map((model) => modelNode(model, model.id === defaultModel, l10n)),
    };
  });
}

/** What a model can do, in words. */
export function modelBadges(model: Model, l10n: Localizer): string[] {
  return [
    ...(model.contextWindow === undefined ? [] : [formatTokens(model.contextWindow)]),
    ...(model.vision === true ? [l10n.t('images')] : []),
    ...(model.reasoning === true ? [l10n.t('reasoning')] : []),
  ];
}

function modelNode(model: Model, isDefault: boolean, l10n: Localizer): TreeNode {
  return {
    id: `model:${model.source ?? ''}:${model.scene}:${model.id}`,
    label: model.displayName,
    description: description(model, isDefault, l10n),
    icon: isDefault ? 'star-full' : 'symbol-method',
    tooltip: tooltip(model, isDefault, l10n),
    kind: isDefault ? 'model.default' : 'model',
    modelId: model.id,
  };
}

/** Short things first, as ids may be long. */
function description(model: Model, isDefault: boolean, l10n: Localizer): string {
  return [
    ...(isDefault ? [l10n.t('default')] : []),
    ...modelBadges(model, l10n),
    ...(model.displayName === model.id ? [] : [model.id]),
  ].join(' · ');
}

function tooltip(model: Model, isDefault: boolean, l10n: Localizer): string {
  const lines = [
    `**${escapeMarkdown(model.displayName)}**`,
    `$(tag) ${escapeMarkdown(model.id)}`,
    ...(model.aliases.length === 0
      ? []
      : [`$(link) ${escapeMarkdown(l10n.t('also {0}', model.aliases.join(', ')))}`]),
    ...(model.contextWindow === undefined
      ? []
      : [`$(book) ${l10n.t('{0} tokens of context', formatCount(model.contextWindow))}`]),
    ...(model.vision === true ? [`$(file-media) ${l10n.t('reads images')}`] : []),
    ...(model.reasoning === true ? [`$(lightbulb) ${l10n.t('reasons')}`] : []),
    ...(isDefault ? [`$(star-full) ${l10n.t('answers when a client names no model that there is')}`] : []),
  ];
  return lines.join('\n\n');
}

/** Upstream's own word for what it does not say more about. */
function sceneName(scene: string, l10n: Localizer): string {
  switch (scene) {
    case 'chat':
      return l10n.t('Chat');
    case 'inline':
      return l10n.t('Inline');
    case 'assistant':
      return l10n.t('Assistant');
    case 'developer':
      return l10n.t('Developer');
    case 'quest':
      return l10n.t('Quest');
    case '':
      return l10n.t('Models');
    default:
      return scene;
  }
}
