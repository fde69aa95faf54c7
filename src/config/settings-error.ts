/** The settings are wrong: the program explains it and exits with 2. Each problem names the key, where it came from and what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
