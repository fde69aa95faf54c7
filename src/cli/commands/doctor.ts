import { examineSettings } from '../../config/load-settings.ts';
import { readFlags } from '../../config/read-flags.ts';
import type { Localizer } from '../../core/localizer.ts';
import { catalogueFor } from '../../doctor/describe-finding.ts';
import { exitCodeOf } from '../../doctor/report.ts';
import { reportJson } from '../../doctor/report-json.ts';
import { version } from '../../version.ts';
import type { HelpWords } from '../help-text.ts';
import { ownFlags } from '../own-flags.ts';
import { ReportText } from '../report-text.ts';
import { wrapText } from '../wrap-text.ts';

function usage(l10n: Localizer): string {
  const about = l10n.t(
    'Finds out why no answer comes: looks at settings, port, proxies, every runtime and login on this computer and the remote API, then asks real models for short answers, which costs a few tokens. Changes nothing.',
  );
  return `${l10n.t('Usage: lingma-proxy doctor [--json] [--no-requests] [flags]')}

${wrapText(about, usualColumns).join('\n')}

  --json          ${l10n.t('Print the report as JSON when it is complete.')}
  --no-requests   ${l10n.t('Ask no model for anything.')}

${l10n.t('It takes the flags, the environment and the configuration file of the proxy itself; see lingma-proxy --help.')}
${l10n.t('Exit code: 0 fine, 1 warnings, 2 errors.')}
`;
}

const widest = 110;
const usualColumns = 100;

/** `lingma-proxy doctor`. Resolves to the exit code. */
export async function run(argv: readonly string[], { l10n }: HelpWords): Promise<number> {
  const own = new Set<string>(ownFlags.doctor);
  const flags = argv.filter((argument) => !own.has(argument));
  const { problems } = readFlags(flags, l10n);
  if (problems.length > 0) {
    console.error([...problems, l10n.t('lingma-proxy doctor --help shows how it is called.')].join('\n'));
    return 2;
  }
  const loaded = examineSettings({ argv: flags, env: process.env, cwd: process.cwd(), l10n });
  if (loaded.help) {
    process.stdout.write(usage(l10n));
    return 0;
  }
  const catalogue = catalogueFor(l10n.language);
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  const options = {
    settings: loaded,
    version,
    requests: !argv.includes('--no-requests'),
    signal: stopping.signal,
  };
  // Most of the program, so that the first lines come at once.
  const { runDoctor } = await import('../../doctor/run-doctor.ts');
  try {
    if (argv.includes('--json')) {
      const report = await runDoctor(options);
      process.stdout.write(`${JSON.stringify(reportJson(report, version, catalogue), undefined, 2)}\n`);
      return exitCodeOf(report);
    }
    const { columns = usualColumns } = process.stdout;
    const text = new ReportText({ catalogue, colours: wantsColours(), columns: Math.min(columns, widest) });
    console.log(text.heading(version));
    const report = await runDoctor(options, (finding) => console.log(text.finding(finding)));
    console.log(text.summary(report));
    return exitCodeOf(report);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    return 130;
  }
}

function wantsColours(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}
