import { isChinese } from '../core/localizer.ts';
import { englishHelp, type HelpWords } from './help-text.ts';

/** The language of messages: as POSIX orders the variables; where none is set, as on Windows, that of the system. */
function localeOf(env: NodeJS.ProcessEnv): string {
  return env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || systemLocale();
}

/** Of all that knows it, plural rules alone load next to nothing; formats of dates take 20 ms and 8 MB. */
function systemLocale(): string {
  return new Intl.PluralRules().resolvedOptions().locale;
}

/** The words for whoever sits at the terminal. Chinese is loaded only where it is spoken. */
export async function loadWords(env: NodeJS.ProcessEnv): Promise<HelpWords> {
  if (!isChinese(localeOf(env))) return englishHelp;
  return (await import('./chinese-words.ts')).chineseWords;
}
