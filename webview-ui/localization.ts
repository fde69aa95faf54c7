let translations: Readonly<Record<string, string>> = {};
let currentLanguage = 'en';

/** Sets the language of the page: what the host put into it, read before the first component is shown. */
export function useLanguage(language: string, bundle: Readonly<Record<string, string>>): void {
  currentLanguage = language;
  translations = bundle;
}

/** For dates and numbers, such as `en` and `zh-cn`. */
export function language(): string {
  return currentLanguage;
}

/** The translation of an English text, with `{0}` and so on replaced. The text itself is the key: it has to be a literal. */
export function t(message: string, ...values: (string | number)[]): string {
  const text = Object.hasOwn(translations, message) ? (translations[message] ?? message) : message;
  return text.replaceAll(/\{(\d)\}/g, (_placeholder, index: string) => String(values[Number(index)]));
}
