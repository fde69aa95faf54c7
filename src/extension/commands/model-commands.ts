import { commands, env, ProgressLocation, window } from 'vscode';
import { wordsOf } from '../../core/failure.ts';
import { findListedModel } from '../../core/models.ts';
import { formatDuration } from '../../shared/format-number.ts';
import { withModelRule } from '../inspector/with-model-rule.ts';
import type { Session } from '../session.ts';
import { modelBadges } from '../views/model-nodes.ts';

/** Characters of an answer that a message shows. */
const mostShown = 300;

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
      window.showErrorMessage(wordsOf(error, l10n));
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

/** Asks the model that was clicked on, or one that is picked, a short question, and shows its answer and how long it took. */
export async function testModel(session: Session, clicked: unknown): Promise<void> {
  const { host, inspector, l10n } = session;
  const model = modelOf(clicked) ?? (await pickModel(session, l10n.t('Model to test')));
  const { running } = host;
  if (model === undefined || !running) return;
  const progress = { location: ProgressLocation.Notification, title: l10n.t('Asking {0}…', model) };
  const prompt = l10n.t('Say hello in one short sentence.');
  const { id, text, durationMs } = await window.withProgress(progress, () =>
    running.proxy.inspect('testModel', { model, prompt }),
  );
  const open = l10n.t('Open in the Inspector');
  const answer = l10n.t(
    '{0} answered in {1}: {2}',
    model,
    formatDuration(durationMs),
    text.trim().slice(0, mostShown),
  );
  if ((await window.showInformationMessage(answer, open)) === open) await inspector.open(session, id);
}

/** Has requests for a name that is typed answered by the model that was clicked on, or one that is picked. */
export async function mapModel(session: Session, clicked: unknown): Promise<void> {
  const { l10n, settings } = session;
  const model = modelOf(clicked) ?? (await pickModel(session, l10n.t('Model to answer for another name')));
  if (model === undefined) return;
  const name = await window.showInputBox({
    title: l10n.t('Name that {0} answers to', model),
    prompt: l10n.t('As clients ask for it; * stands for any characters, such as claude-*-haiku-*.'),
    validateInput: (value) => (value.trim() === '' ? l10n.t('Type a name.') : undefined),
  });
  if (name === undefined) return;
  const { modelRules } = (await settings.load()).settings;
  await settings.set('modelRules', withModelRule(modelRules, name, model));
  window.setStatusBarMessage(l10n.t('{0} is answered by {1}', name.trim(), model), 5_000);
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
