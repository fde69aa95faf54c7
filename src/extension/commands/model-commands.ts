import { commands, env, window } from 'vscode';
import { findListedModel } from '../../core/models.ts';
import type { Session } from '../session.ts';
import { modelBadges } from '../views/model-nodes.ts';

export async function showModels(): Promise<void> {
  await commands.executeCommand('lingmaProxy.models.focus');
}

/** Asks upstream for the models, and says what it answered. */
export async function refreshModels({ host, l10n }: Session): Promise<void> {
  const { running } = host;
  if (!running) return;
  await window.withProgress({ location: { viewId: 'lingmaProxy.models' } }, async () => {
    try {
      const { length } = await running.proxy.refreshModels(new AbortController().signal);
      window.setStatusBarMessage(l10n.t('{0} models', length), 5_000);
    } catch (error) {
      window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  });
}

/** Copies the id of the model that was clicked on, or of one that is picked. */
export async function copyModelId(session: Session, clicked: unknown): Promise<void> {
  const id = modelOf(clicked) ?? (await pickModel(session, session.l10n.t('Model whose ID to copy')));
  if (id === undefined) return;
  await env.clipboard.writeText(id);
  window.setStatusBarMessage(session.l10n.t('Copied {0}', id), 5_000);
}

/** Makes the model that was clicked on, or one that is picked, the one that answers when a client names none that there is. */
export async function setDefaultModel(session: Session, clicked: unknown): Promise<void> {
  const id = modelOf(clicked) ?? (await pickModel(session, session.l10n.t('Model to answer by default')));
  if (id === undefined) return;
  await session.settings.set('model', id);
  window.setStatusBarMessage(session.l10n.t('{0} answers by default', id), 5_000);
}

/** The model of a tree node; a command may be given anything. */
function modelOf(clicked: unknown): string | undefined {
  if (typeof clicked !== 'object' || clicked === null) return undefined;
  const id: unknown = Reflect.get(clicked, 'modelId');
  return typeof id === 'string' ? id : undefined;
}

async function pickModel({ host, l10n }: Session, placeHolder: string): Promise<string | undefined> {
  const proxy = host.running?.proxy;
  const models = proxy?.models() ?? [];
  if (!proxy || models.length === 0) {
    window.showInformationMessage(l10n.t('The models are not known yet.'));
    return undefined;
  }
  const isDefault = findListedModel(models, proxy.settings.model);
  const items = models.map((model) => ({
    label: model.displayName,
    description: model.id,
    detail: [...modelBadges(model, l10n), ...(model === isDefault ? [l10n.t('default')] : [])].join(' · '),
    id: model.id,
  }));
  const picked = await window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  return picked?.id;
}
