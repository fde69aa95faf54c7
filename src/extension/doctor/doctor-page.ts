import { catalogueFor, describeFinding } from '../../doctor/describe-finding.ts';
import type { Finding, FindingStatus, NextAction } from '../../doctor/findings.ts';
import type { LinkState, Report } from '../../doctor/report.ts';

/** The report at one moment. */
export interface PageText {
  /** Markdown that reads well as it is written. */
  readonly text: string;
  /** What can be done, above which line, counted from 0. */
  readonly steps: readonly PageStep[];
}

export interface PageStep {
  readonly line: number;
  readonly next: NextAction;
}

const marks: Readonly<Record<FindingStatus, string>> = { ok: '✓', note: '–', warning: '⚠', error: '✗' };
const linkMarks: Readonly<Record<LinkState, string>> = { holds: '✓', broken: '✗', skipped: '–' };

/** The doctor's report as a document that grows while it works. */
export class DoctorPage {
  readonly #heading: string;
  readonly #catalogue: ReturnType<typeof catalogueFor>;
  readonly #findings: Finding[] = [];
  #conclusion: readonly string[] = [];

  constructor(version: string, language: string) {
    this.#catalogue = catalogueFor(language);
    this.#heading = this.#catalogue.summary.heading(version);
  }

  add(finding: Finding): void {
    this.#findings.push(finding);
  }

  /** Puts what it comes to on top. */
  conclude({ chain, broken, findings }: Report): void {
    const { links, summary } = this.#catalogue;
    const count = (status: FindingStatus) => findings.filter((each) => each.status === status).length;
    const verdict =
      broken === undefined
        ? summary.allHolds
        : summary.firstBroken(links[broken.link], describeFinding(broken.finding, this.#catalogue).title);
    this.#conclusion = [
      `**${verdict}**`,
      '',
      summary.counts(count('error'), count('warning')),
      '',
      chain.map(({ link, state }) => `${links[link]} ${linkMarks[state]}`).join(' → '),
      '',
    ];
  }

  text(): PageText {
    const lines = [`# ${this.#heading}`, '', ...this.#conclusion];
    const steps: PageStep[] = [];
    let section: Finding['section'] | undefined;
    for (const finding of this.#findings) {
      if (finding.section !== section) {
        section = finding.section;
        lines.push(...(lines.at(-1) === '' ? [] : ['']), `## ${this.#catalogue.sections[section]}`, '');
      }
      const { title, detail, nextStep } = describeFinding(finding, this.#catalogue);
      if (canBeDone(finding.next)) steps.push({ line: lines.length, next: finding.next });
      lines.push(`- ${marks[finding.status]} ${title}`);
      if (detail !== undefined) lines.push(...detail.split('\n').map((line) => `  ${line}`));
      if (nextStep !== undefined) lines.push(...`→ ${nextStep}`.split('\n').map((line) => `  ${line}`));
    }
    return { text: `${lines.join('\n')}\n`, steps };
  }
}

/** Whether the editor can do it. Installing and signing in are done in Lingma. */
function canBeDone(next: NextAction | undefined): next is NextAction {
  return next !== undefined && !['none', 'install-runtime', 'sign-in'].includes(next.action);
}
