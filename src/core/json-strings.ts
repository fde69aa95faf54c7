/** What has to be escaped in a JSON string; and what may have to be, as half of a character alone. */
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Texts as what stands between the quotes of JSON strings: many together cost little more than one. */
export function insideJsonStrings(texts: readonly string[]): readonly string[] {
  return escaped.test(texts.join('')) ? texts.map((text) => JSON.stringify(text).slice(1, -1)) : texts;
}
