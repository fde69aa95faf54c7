import type { LanguageModelChatInformation } from 'vscode';
import type { Localizer } from '../../core/localizer.ts';
import type { Model } from '../../core/models.ts';
import type { RunMode } from '../proxy/running-proxy.ts';
import { modelBadges } from '../views/model-nodes.ts';

/** Tokens that VS Code may send where upstream does not say what the model takes: what the smallest known ones surely take. */
const assumedInputTokens = 128_000;
/** Tokens. Upstream says nothing; other clients of its ask for up to this many. */
const assumedOutputTokens = 16_384;

/** Lingma's models as VS Code's chat lists them. Those for completions in the text are not for chatting. */
export function chatModels(
  models: readonly Model[],
  mode: RunMode,
  l10n: Localizer,
): LanguageModelChatInformation[] {
  return models
    .filter(({ scene }) => scene !== 'inline')
    .map((model) => ({
      id: model.id,
      name: model.displayName,
      family: model.id,
      version: model.key,
      maxInputTokens: model.contextWindow ?? assumedInputTokens,
      maxOutputTokens: assumedOutputTokens,
      detail: mode === 'demo' ? l10n.t('Lingma demo') : 'Lingma',
      tooltip: [model.id, ...modelBadges(model, l10n)].join(' · '),
      capabilities: {
        // What a model cannot see the proxy has described by one that can; only upstream's own no is one.
        imageInput: model.vision !== false,
        toolCalling: true,
      },
      isUserSelectable: true,
    }));
}
