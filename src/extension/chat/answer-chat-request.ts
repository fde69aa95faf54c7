import {
  CancellationError,
  type CancellationToken,
  LanguageModelError,
  LanguageModelTextPart,
  LanguageModelThinkingPart,
  LanguageModelToolCallPart,
  type Progress,
} from 'vscode';
import { wordsOf } from '../../core/failure.ts';
import type { Localizer } from '../../core/localizer.ts';
import type { ProxyView } from '../../proxy-view.ts';
import { type AnswerPart, answerParts } from './answer-parts.ts';
import { chatErrorCode } from './chat-error.ts';
import { type ChatRequest, requestTurn } from './request-turn.ts';

/** The product that records name for requests of the editor's chat and of extensions in it. */
const client = 'VS Code';

/** Runs a chat request on the proxy, and reports the answer piece by piece. Throws what VS Code shows: a message, and a code where it has one. */
export async function answerChatRequest(
  proxy: Pick<ProxyView, 'runTurn'>,
  request: Omit<ChatRequest, 'wantsReasoning'> & { readonly reasons: boolean },
  progress: Progress<unknown>,
  token: CancellationToken,
  l10n: Localizer,
): Promise<void> {
  const caller = new AbortController();
  const subscription = token.onCancellationRequested(() => caller.abort());
  if (token.isCancellationRequested) caller.abort();
  try {
    const wantsReasoning = request.reasons && LanguageModelThinkingPart !== undefined;
    const turn = requestTurn({ ...request, wantsReasoning });
    for await (const part of answerParts(proxy.runTurn(turn, { client, signal: caller.signal }))) {
      const shown = toResponsePart(part);
      if (shown !== undefined) progress.report(shown);
    }
  } catch (error) {
    throw token.isCancellationRequested ? new CancellationError() : toChatError(error, l10n);
  } finally {
    subscription.dispose();
  }
}

function toResponsePart(part: AnswerPart): object | undefined {
  switch (part.type) {
    case 'text':
      return new LanguageModelTextPart(part.text);
    case 'thinking':
      return LanguageModelThinkingPart && new LanguageModelThinkingPart(part.text);
    case 'tool-call':
      return new LanguageModelToolCallPart(part.id, part.name, part.input);
    default:
      return part satisfies never;
  }
}

function toChatError(thrown: unknown, l10n: Localizer): Error {
  const code = chatErrorCode(thrown);
  const words = wordsOf(thrown, l10n);
  return code === undefined ? new Error(words, { cause: thrown }) : LanguageModelError[code](words);
}
