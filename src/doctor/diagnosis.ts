import type { Settings } from '../config/settings.ts';
import type { Redactor } from '../recording/redaction.ts';
import type { Finding, FindingId, FindingStatus, FindingValues, NextAction, Section } from './findings.ts';
import type { LinkName } from './links.ts';
import { makeReport, type Report } from './report.ts';

/** A diagnosis under way: what was found so far, and which links hold. Everything that it takes down goes through the redactor. */
export class Diagnosis {
  readonly redactor: Redactor;
  readonly #findings: Finding[] = [];
  readonly #links = new Map<LinkName, 'holds' | Finding>();
  readonly #tell: (finding: Finding) => void;

  constructor(redactor: Redactor, tell: (finding: Finding) => void) {
    this.redactor = redactor;
    this.#tell = tell;
  }

  /** Takes a finding down and tells it at once. */
  add<Id extends FindingId>(
    section: Section,
    status: FindingStatus,
    id: Id,
    values: FindingValues[Id],
    next?: NextAction,
  ): Finding {
    const safe = this.#withoutSecrets(values);
    // The parts belong together by the signature; TypeScript does not see it through the union.
    const finding = { id, section, status, values: safe, ...(next && { next }) } as Finding;
    this.#findings.push(finding);
    this.#tell(finding);
    return finding;
  }

  holds(link: LinkName): void {
    if (!this.#links.has(link)) this.#links.set(link, 'holds');
  }

  /** The first reason stays. */
  breaks(link: LinkName, because: Finding): void {
    if (!this.isBroken(link)) this.#links.set(link, because);
  }

  /** It is known to hold. */
  isSound(link: LinkName): boolean {
    return this.#links.get(link) === 'holds';
  }

  isBroken(link: LinkName): boolean {
    const known = this.#links.get(link);
    return known !== undefined && known !== 'holds';
  }

  firstBroken(links: readonly LinkName[]): LinkName | undefined {
    return links.find((link) => this.isBroken(link));
  }

  /** The finding of this id that was made last. */
  find(id: FindingId): Finding | undefined {
    return this.#findings.findLast((finding) => finding.id === id);
  }

  report(backend: Settings['backend']): Report {
    return makeReport(backend, this.#findings, this.#links);
  }

  #withoutSecrets<Values extends object>(values: Values): Values {
    const entries = Object.entries(values).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? this.redactor.text(value) : value,
    ]);
    return Object.fromEntries(entries);
  }
}
