import type { DoctorOptions } from '../../doctor/doctor-options.ts';
import type { Report } from '../../doctor/report.ts';
import { runDoctor } from '../../doctor/run-doctor.ts';
import { version } from '../../version.ts';
import { DoctorPage, type PageText } from './doctor-page.ts';

export interface DoctorRun {
  readonly options: Omit<DoctorOptions, 'version'>;
  /** As locales are named. */
  readonly language: string;
  /** Hears how the page looks after each finding, and at the end. */
  readonly show: (page: PageText) => void;
}

/** All findings as JSON, as `lingma-proxy doctor --json` has them. */
export async function findAll(options: DoctorRun['options']): Promise<string> {
  return `${JSON.stringify(await runDoctor({ ...options, version }, () => undefined), null, 2)}\n`;
}

/** Examines everything and shows each finding as it is made. Rejects with the signal's reason when that is aborted. */
export async function runDoctorPage({ options, language, show }: DoctorRun): Promise<Report> {
  const page = new DoctorPage(version, language);
  show(page.text());
  const report = await runDoctor({ ...options, version }, (finding) => {
    page.add(finding);
    show(page.text());
  });
  page.conclude(report);
  show(page.text());
  return report;
}
