/** What became of one kind of thing that was tried. */
export interface Tally {
  tried: number;
  passed: number;
  leaked: number;
}

/** Counts by name, and keeps the first problems in words. */
export class Tallies {
  readonly rows = new Map<string, Tally>();
  readonly problems: string[] = [];

  passed(name: string): void {
    const row = this.#row(name);
    row.tried++;
    row.passed++;
  }

  failed(name: string, problem: string): void {
    this.#row(name).tried++;
    this.#note(`${name}: ${problem}`);
  }

  leaked(name: string, problem: string): void {
    const row = this.#row(name);
    row.tried++;
    row.leaked++;
    this.#note(`${name}: ${problem}`);
  }

  /** Counts a check that nothing is left over. */
  check(name: string, problem: string): void {
    if (problem === '') this.passed(name);
    else this.leaked(name, problem);
  }

  #row(name: string): Tally {
    const row = this.rows.get(name) ?? { tried: 0, passed: 0, leaked: 0 };
    this.rows.set(name, row);
    return row;
  }

  #note(problem: string): void {
    if (this.problems.length < 50) this.problems.push(problem.slice(0, 1_000));
  }
}
