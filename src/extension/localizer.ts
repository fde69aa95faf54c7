/** Words in the language of the editor. What needs them takes this instead of `vscode`, so that it runs anywhere. */
export interface Localizer {
  /** The translation of an English text, with `{0}` and so on replaced. The text itself is the key: it has to be a literal. */
  t(message: string, ...values: (string | number | boolean)[]): string;
  /** For dates, such as `en` and `zh-cn`. */
  readonly language: string;
}
