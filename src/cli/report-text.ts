import { stripVTControlCharacters } from 'node:util';
import { printable } from '../core/printable.ts';
import type { Catalogue } from '../doctor/catalogue/catalogue.ts';
import { describeFinding } from '../doctor/describe-finding.ts';
import type { Finding, FindingStatus, Section } from '../doctor/findings.ts';
import type { LinkState, Report } from '../doctor/report.ts';
import { wrapText } from './wrap-text.ts';

/** How a report is shown. */
export interface Look {
  readonly catalogue: Catalogue;
  readonly colours: boolean;
  readonly columns: number;
}

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

const codes: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  yellow: [33, 39],
  red: [31, 39],
  cyan: [36, 39],
};

const marks: Readonly<Record<FindingStatus, readonly [string, Style]>> = {
  ok: ['✓', 'green'],
  note: ['–', 'dim'],
  warning: ['!', 'yellow'],
  error: ['✗', 'red'],
};

const linkMarks: Readonly<Record<LinkState, readonly [string, Style]>> = {
  holds: ['✓', 'green'],
  broken: ['✗', 'red'],
  skipped: ['–', 'dim'],
};

const indent = '    ';

/** Writes a report for people while it is being made, line by line. */
export class ReportText {
  readonly #look: Look;
  #section: Section | undefined;

  constructor(look: Look) {
    this.#look = look;
  }

  /** The line on top. */
  heading(version: string): string {
    return this.#paint(this.#look.catalogue.summary.heading(version), 'bold');
  }

  /** One finding, below the heading of its section when it is the first there. */
  finding(finding: Finding): string {
    const lines: string[] = [];
    if (finding.section !== this.#section) {
      this.#section = finding.section;
      lines.push('', this.#paint(this.#look.catalogue.sections[finding.section], 'bold'));
    }
    const [mark, style] = marks[finding.status];
    const { title, detail, nextStep } = describeFinding(finding, this.#look.catalogue);
    const [first = '', ...rest] = this.#wrap(title);
    lines.push(`  ${this.#paint(mark, style)} ${first}`, ...rest.map((line) => indent + line));
    if (detail !== undefined) {
      lines.push(...this.#wrap(detail).map((line) => indent + this.#paint(line, 'dim')));
    }
    if (nextStep !== undefined) {
      const [step = '', ...more] = this.#wrap(nextStep, 2);
      lines.push(`${indent}${this.#paint('→', 'cyan')} ${step}`, ...more.map((line) => `${indent}  ${line}`));
    }
    return lines.join('\n');
  }

  /** What it comes to. */
  summary(report: Report): string {
    const { catalogue } = this.#look;
    const { links, summary } = catalogue;
    const chain = report.chain
      .map(({ link, state }) => {
        const [mark, style] = linkMarks[state];
        return `${links[link]} ${this.#paint(mark, style)}`;
      })
      .join(this.#paint(' → ', 'dim'));
    const count = (status: FindingStatus) => report.findings.filter((each) => each.status === status).length;
    const { broken } = report;
    const verdict =
      broken === undefined
        ? summary.allHolds
        : summary.firstBroken(links[broken.link], describeFinding(broken.finding, catalogue).title);
    const [first = '', ...rest] = this.#wrap(verdict, -indent.length);
    return [
      '',
      this.#paint(summary.chain, 'bold'),
      ...this.#wrapPainted(chain).map((line) => `  ${line}`),
      '',
      this.#paint(first, broken === undefined ? 'green' : 'bold'),
      ...rest.map((line) => this.#paint(line, broken === undefined ? 'green' : 'bold')),
      summary.counts(count('error'), count('warning')),
    ].join('\n');
  }

  #wrap(text: string, further = 0): string[] {
    return printable(text)
      .split('\n')
      .flatMap((line) => wrapText(line, this.#look.columns - indent.length - further));
  }

  /** Breaks between links only, as colours take no columns. */
  #wrapPainted(chain: string): string[] {
    const lines: string[] = [];
    for (const link of chain.split(/(?<= → |→\S* )/)) {
      const last = lines.at(-1);
      const fits =
        last !== undefined && stripVTControlCharacters(last + link).length <= this.#look.columns - 2;
      if (fits) lines[lines.length - 1] = last + link;
      else lines.push(link);
    }
    return lines;
  }

  #paint(text: string, style: Style): string {
    if (!this.#look.colours) return text;
    const [on, off] = codes[style];
    return `\u001b[${on}m${text}\u001b[${off}m`;
  }
}
