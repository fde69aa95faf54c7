/** Something that the command line does besides running the proxy. */
interface Subcommand {
  /** What it does, in one line for `--help`. */
  readonly summary: string;
  /** Loads its code. `run` gets the arguments after the name and resolves to the exit code. */
  readonly load: () => Promise<{ run(argv: readonly string[]): Promise<number> }>;
}

/** By the first argument. */
const subcommands: Readonly<Record<string, Subcommand>> = {
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
