import translations from '../../l10n/bundle.l10n.zh-cn.json' with { type: 'json' };
import { chineseDescriptions } from '../config/chinese-descriptions.ts';
import { localizer } from '../core/localizer.ts';
import type { HelpWords } from './help-text.ts';

/** Simplified Chinese: the bundle that VS Code takes for the extension, and what each setting means. */
export const chineseWords: HelpWords = {
  l10n: localizer('zh-cn', translations),
  describe: (name) => chineseDescriptions[name],
};
