import type { Localizer } from '../core/localizer.ts';
import type { HelpWords } from './help-text.ts';
import { ownFlags } from './own-flags.ts';

/** Something that the command line does besides running the proxy. */
interface Subcommand {
  /** What it does, in one line for `--help`. */
  readonly summary: (l10n: Localizer) => string;
  /** Loads its code. `run` gets the arguments after the name and resolves to the exit code. */
  readonly load: () => Promise<{ run(argv: readonly string[], words: HelpWords): Promise<number> }>;
}

/** By the first argument. */
const subcommands: Readonly<Record<keyof typeof ownFlags, Subcommand>> = {
  connect: {
    summary: (l10n) =>
      l10n.t('Lead a client here: shows the change, then writes it. --dry-run only shows it.'),
    load: async () => (await import('./commands/clients.ts')).connect,
  },
  disconnect: {
    summary: (l10n) => l10n.t('Undo that: the files of the client as they were.'),
    load: async () => (await import('./commands/clients.ts')).disconnect,
  },
  clients: {
    summary: (l10n) => l10n.t('What is installed, and where it is connected to. --json for programs.'),
    load: async () => (await import('./commands/clients.ts')).clients,
  },
  doctor: {
    summary: (l10n) => l10n.t('Find out why no answer comes, and what to do about it.'),
    load: () => import('./commands/doctor.ts'),
  },
  service: {
    summary: (l10n) =>
      l10n.t('Run the proxy in the background of this computer: install, uninstall, status.'),
    load: () => import('./commands/service.ts'),
  },
};

export function findSubcommand(name: string | undefined): Subcommand | undefined {
  return isSubcommand(name) ? subcommands[name] : undefined;
}

/** Lines for `--help`. */
export function describeSubcommands(l10n: Localizer): string {
  const lines = Object.entries(subcommands).map(
    ([name, { summary }]) => `  lingma-proxy ${name.padEnd(12)} ${summary(l10n)}`,
  );
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function isSubcommand(name: string | undefined): name is keyof typeof ownFlags {
  return name !== undefined && Object.hasOwn(ownFlags, name);
}
