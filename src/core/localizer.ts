/** Words in the language of whoever reads them. What needs them takes this, so that it runs anywhere. */
export interface Localizer {
  /** The translation of an English text, with `{0}` and so on replaced. The text itself is the key: it has to be a literal. */
  t(message: string, ...values: (string | number | boolean)[]): string;
  /** For dates, such as `en` and `zh-cn`. */
  readonly language: string;
}

/** A text that is put into words only where it is shown. It is plain JSON, so that it can go to another process. */
export interface Phrase {
  readonly message: string;
  readonly values: readonly PhraseValue[];
}

/** What stands for a placeholder: as it is, or words in their turn. */
export type PhraseValue = string | number | Phrase | readonly Phrase[];

/** The text has to be a literal, as in `Localizer.t`. */
export function phrase(message: string, ...values: PhraseValue[]): Phrase {
  return { message, values };
}

/** A text that is the same in every language, such as a path. */
export function verbatim(text: string): Phrase {
  return { message: '{0}', values: [text] };
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

/** A phrase in words, or several as one sentence after the other. */
export function inWords(phrases: Phrase | readonly Phrase[], l10n: Localizer): string {
  const sentences = [phrases].flat().map(({ message, values }) => {
    const shown = values.map((value) => (typeof value === 'object' ? inWords(value, l10n) : value));
    return l10n.t(message, ...shown);
  });
  // Chinese has no space between sentences.
  return sentences.join(isChinese(l10n.language) ? '' : ' ');
}

/** Whether a language, as locales and editors name it (`zh_CN.UTF-8`, `zh-cn`), is Chinese. */
export function isChinese(language: string): boolean {
  return /^zh\b|^zh_/i.test(language);
}
