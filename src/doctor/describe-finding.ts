import { isChinese } from '../core/localizer.ts';
import type { Catalogue, FindingText } from './catalogue/catalogue.ts';
import { english } from './catalogue/english.ts';
import { simplifiedChinese } from './catalogue/simplified-chinese.ts';
import type { Finding, FindingId } from './findings.ts';

/** The words for a language as locales and editors name it, such as `zh_CN.UTF-8` and `zh-cn`; English for all but Chinese. */
export function catalogueFor(language: string): Catalogue {
  return isChinese(language) ? simplifiedChinese : english;
}

/** A finding in words. `nextStep` is there exactly when the finding has a next action. */
export function describeFinding(finding: Finding, catalogue: Catalogue): FindingText {
  const { nextStep, ...text } = textOf(finding, catalogue);
  return finding.next === undefined || nextStep === undefined ? text : { ...text, nextStep };
}

function textOf<Id extends FindingId>(finding: Finding<Id>, { findings }: Catalogue): FindingText {
  return findings[finding.id](finding.values);
}
