import type { ModelRule } from '../../config/setting-types.ts';

/** The rules with the one for `pattern` leading to `model`; '' takes it away. Letter case does not matter to a pattern. */
export function withModelRule(rules: readonly ModelRule[], pattern: string, model: string): ModelRule[] {
  const name = pattern.trim();
  const isIt = (rule: ModelRule) => rule.pattern.toLowerCase() === name.toLowerCase();
  if (model === '') return rules.filter((rule) => !isIt(rule));
  const rule = { pattern: name, model };
  // In its place, as of several that fit the first counts.
  return rules.some(isIt) ? rules.map((each) => (isIt(each) ? rule : each)) : [...rules, rule];
}
