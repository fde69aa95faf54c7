import assert from 'node:assert/strict';
import { type ExaminedSettings, examineSettings } from '../../src/config/load-settings.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/demo/simulator.ts';
import type { Catalogue } from '../../src/doctor/catalogue/catalogue.ts';
import { catalogueFor, describeFinding } from '../../src/doctor/describe-finding.ts';
import type { DoctorOptions } from '../../src/doctor/doctor-options.ts';
import type { Finding, FindingId } from '../../src/doctor/findings.ts';
import type { Report } from '../../src/doctor/report.ts';
import { runDoctor } from '../../src/doctor/run-doctor.ts';
import { type Computer, thisComputer } from '../../src/runtime/computer.ts';

/** What must never show in a report. */
export const canaries = { apiKey: 'canary-api-key-0123456789', proxyPassword: 'canary-proxy-password' };

/** How a computer is set up, and what the doctor is asked. */
export interface SetUp {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly doctor?: Partial<DoctorOptions>;
}

/** A computer with a simulated Lingma, for the doctor to look at. */
export class Patient {
  readonly simulator: Simulator;
  readonly #closing: (() => Promise<void> | void)[] = [];

  constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  static async start(options: SimulatorOptions = {}): Promise<Patient> {
    return new Patient(await startSimulator(options));
  }

  /** Runs when the patient is closed. */
  later(close: () => Promise<void> | void): void {
    this.#closing.push(close);
  }

  get computer(): Computer {
    const { home, environment } = this.simulator;
    return { ...thisComputer(), home, env: environment };
  }

  /** The settings of a proxy on this computer. */
  load(argv: readonly string[], env: Readonly<Record<string, string>> = {}): ExaminedSettings {
    const { home, environment } = this.simulator;
    return examineSettings({ argv, env: { ...environment, ...env }, cwd: home, home });
  }

  /** Runs the doctor as the command does, and sees to it that its report holds no secret and speaks both languages. */
  async examine({ argv = [], env = {}, doctor = {} }: SetUp = {}): Promise<Report> {
    const port = argv.includes('--port') ? [] : ['--port', '0'];
    const settings = this.load(['--api-key', canaries.apiKey, ...port, ...argv], env);
    const told: Finding[] = [];
    const options: DoctorOptions = {
      settings,
      version: '0.0.0-test',
      requests: true,
      signal: new AbortController().signal,
      computer: { ...this.computer, env: { ...this.computer.env, ...env } },
      ...doctor,
    };
    const report = await runDoctor(options, (finding) => told.push(finding));
    assert.deepEqual(told, report.findings, 'every finding is told as it is made');
    this.#assertSecretFree(report);
    for (const language of ['en', 'zh-cn']) assertInWords(report, catalogueFor(language));
    return report;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.reverse()) await close();
    await this.simulator.close();
  }

  #assertSecretFree(report: Report): void {
    const { key, encryptUserInfo, uid, machineId } = this.simulator.login;
    const text = JSON.stringify(report);
    for (const secret of [key, encryptUserInfo, uid, machineId, ...Object.values(canaries)]) {
      assert.ok(!text.includes(secret), `the report holds the secret ${secret}`);
    }
  }
}

/** The ids of a report's findings of a status, each once. */
export function idsOf(report: Report, status: Finding['status']): FindingId[] {
  return [...new Set(report.findings.filter((each) => each.status === status).map(({ id }) => id))];
}

function assertInWords(report: Report, catalogue: Catalogue): void {
  for (const finding of report.findings) {
    const { title, nextStep } = describeFinding(finding, catalogue);
    assert.ok(title.trim() !== '' && !/undefined|NaN|\[object/.test(title), `${finding.id}: ${title}`);
    assert.equal(nextStep !== undefined, finding.next !== undefined, `${finding.id} has a step in words`);
    const isGrave = finding.status === 'error' || finding.status === 'warning';
    assert.ok(!isGrave || finding.next !== undefined, `${finding.id} says what to do`);
  }
}
