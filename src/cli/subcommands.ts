/** Something that the command line does besides running the proxy. */
interface Subcommand {
  /** What it does, in one line for `--help`. */
  readonly summary: string;
  /** Loads its code. `run` gets the arguments after the name and resolves to the exit code. */
  readonly load: () => Promise<{ run(argv: readonly string[]): Promise<number> }>;
}

/** By the first argument. */
const subcommands: Readonly<Record<string, Subcommand>> = {
  connect: {
    summary: 'Lead a client here: shows the change, then writes it. --dry-run only shows it.',
    load: async () => (await import('./commands/clients.ts')).connect,
  },
  disconnect: {
    summary: 'Undo that: the files of the client as they were.',
    load: async () => (await import('./commands/clients.ts')).disconnect,
  },
  clients: {
    summary: 'What is installed, and where it is connected to. --json for programs.',
    load: async () => (await import('./commands/clients.ts')).clients,
  },
  doctor: {
    summary: 'Find out why no answer comes, and what to do about it.',
    load: () => import('./commands/doctor.ts'),
  },
  service: {
    summary: 'Run the proxy in the background of this computer: install, uninstall, status.',
    load: () => import('./commands/service.ts'),
  },
};

export function findSubcommand(name: string | undefined): Subcommand | undefined {
  return name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
}

/** Lines for `--help`. */
export function describeSubcommands(): string {
  const lines = Object.entries(subcommands).map(
    ([name, { summary }]) => `  lingma-proxy ${name.padEnd(12)} ${summary}`,
  );
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}
