/** All but what stands in a JSON string as it is. Half a character may stand alone, whatever follows it in the next text. */
const escaped = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;

/** Texts as what stands between the quotes of JSON strings: many together cost little more than one. */
export function insideJsonStrings(texts: readonly string[]): readonly string[] {
  return escaped.test(texts.join('')) ? texts.map((text) => JSON.stringify(text).slice(1, -1)) : texts;
}
