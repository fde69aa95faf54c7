import type { Catalogue } from './catalogue/catalogue.ts';
import { describeFinding } from './describe-finding.ts';
import type { Finding } from './findings.ts';
import type { Report } from './report.ts';

/** Of the form below; a change that a reader of it would notice makes it another one. */
const formatVersion = 1;

/**
 * A report for programs: `{format, version, outcome, backend, chain, broken, findings}`. Ids, statuses, links and actions are a closed
 * set and the same in every language; titles, details and next steps are for people.
 */
export function reportJson(report: Report, version: string, catalogue: Catalogue): object {
  const { outcome, backend, chain, broken, findings } = report;
  return {
    format: formatVersion,
    version,
    outcome,
    backend,
    chain,
    broken: broken === undefined ? null : { link: broken.link, finding: broken.finding.id },
    findings: findings.map((finding) => findingJson(finding, catalogue)),
  };
}

function findingJson(finding: Finding, catalogue: Catalogue): object {
  const { id, section, status, values, next } = finding;
  const { title, detail, nextStep } = describeFinding(finding, catalogue);
  return {
    id,
    section,
    status,
    title,
    detail: detail ?? null,
    values,
    nextStep: next === undefined ? null : { text: nextStep ?? '', ...next },
  };
}
