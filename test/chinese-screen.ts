import translations from '../l10n/bundle.l10n.zh-cn.json' with { type: 'json' };
import { localizer } from '../src/core/localizer.ts';

/** The words of the extension and the command line in Simplified Chinese. */
export const chinese = localizer('zh-cn', translations);

/**
 * The first English sentence, or part of one, on a screen that is to be Chinese; undefined when there is none. Names, paths, addresses
 * and what is marked as a quotation of somebody else's words may be there.
 */
export function englishSentence(text: string): string | undefined {
  const own = text.replaceAll(/（原文：[^\n]*?）|“[^”]*”|`[^`]*`|https?:\S+/g, '');
  return /[a-z]{2,}(?: [a-z]{2,}){2,}/.exec(own)?.[0];
}
