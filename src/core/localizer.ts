/** Words in the language of whoever reads them. What needs them takes this, so that it runs anywhere. */
export interface Localizer {
  /** The translation of an English text, with `{0}` and so on replaced. The text itself is the key: it has to be a literal. */
  t(message: string, ...values: (string | number | boolean)[]): string;
  /** For dates, such as `en` and `zh-cn`. */
  readonly language: string;
}

/** A text that is put into words only where it is shown. */
export interface Phrase {
  readonly message: string;
  readonly values: readonly (string | number)[];
}

/** The text has to be a literal, as in `Localizer.t`. */
export function phrase(message: string, ...values: (string | number)[]): Phrase {
  return { message, values };
}

/** The words of a language, by the English ones; what is missing stays English. */
export function localizer(language: string, translations: Readonly<Record<string, string>>): Localizer {
  return {
    language,
    t(message, ...values) {
      const text = Object.hasOwn(translations, message) ? (translations[message] ?? message) : message;
      return text.replaceAll(/\{(\d)\}/g, (_placeholder, index: string) => String(values[Number(index)]));
    },
  };
}

export const english: Localizer = localizer('en', {});

/** A phrase in words. */
export function inWords({ message, values }: Phrase, l10n: Localizer): string {
  return l10n.t(message, ...values);
}

/** Whether a language, as locales and editors name it (`zh_CN.UTF-8`, `zh-cn`), is Chinese. */
export function isChinese(language: string): boolean {
  return /^zh\b|^zh_/i.test(language);
}
