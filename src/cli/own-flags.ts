/** The flags of each subcommand besides those of the settings. */
export const ownFlags = {
  connect: ['--dry-run', '--yes', '-y'],
  disconnect: ['--dry-run', '--yes', '-y'],
  clients: ['--json'],
  doctor: ['--json', '--no-requests'],
  service: ['--dry-run'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
