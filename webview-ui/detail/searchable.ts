/** A view of a text in which a person can search. */
export interface Searchable {
  /** Marks what is found, and returns how often; '' ends the search. */
  search(query: string): number;
  /** Brings a match into sight, by its number from 0. */
  showMatch(index: number): void;
}
