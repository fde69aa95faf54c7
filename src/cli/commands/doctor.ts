import { examineSettings } from '../../config/load-settings.ts';
import { readFlags } from '../../config/read-flags.ts';
import { catalogueFor } from '../../doctor/describe-finding.ts';
import { exitCodeOf } from '../../doctor/report.ts';
import { reportJson } from '../../doctor/report-json.ts';
import { version } from '../../version.ts';
import { ReportText } from '../report-text.ts';

const usage = `Usage: lingma-proxy doctor [--json] [--no-requests] [flags]

Finds out why no answer comes: looks at settings, port, proxies, every runtime and login on this computer and the remote
API, then asks real models for short answers, which costs a few tokens. Changes nothing.

  --json          Print the report as JSON when it is complete.
  --no-requests   Ask no model for anything.

It takes the flags, the environment and the configuration file of the proxy itself; see lingma-proxy --help.
Exit code: 0 fine, 1 warnings, 2 errors.
`;

const widest = 110;
const usualColumns = 100;

/** `lingma-proxy doctor`. Resolves to the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const own = new Set(['--json', '--no-requests']);
  const flags = argv.filter((argument) => !own.has(argument));
  const { problems } = readFlags(flags);
  if (problems.length > 0) {
    console.error([...problems, 'lingma-proxy doctor --help shows how it is called.'].join('\n'));
    return 2;
  }
  const loaded = examineSettings({ argv: flags, env: process.env, cwd: process.cwd() });
  if (loaded.help) {
    process.stdout.write(usage);
    return 0;
  }
  const catalogue = catalogueFor(localeOf(process.env));
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

/** The language of messages, as POSIX orders the variables. */
function localeOf(env: NodeJS.ProcessEnv): string {
  return env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
}

function wantsColours(): boolean {
  return process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}
