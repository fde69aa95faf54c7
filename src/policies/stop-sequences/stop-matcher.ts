interface Node {
  /** Characters of the longest beginning of a sequence that the text ends with. */
  readonly depth: number;
  readonly next: Map<string, Node>;
  fallback: Node | undefined;
  /** The longest sequence that ends here. */
  match: string | undefined;
}

/** What `push` found: text that is safe to show, and the sequence that follows it, if one does. */
export interface StopMatch {
  readonly text: string;
  readonly stop?: string;
}

/**
 * Finds the first sequence to be complete in a text that arrives in pieces; of several complete at once, the longest. Holds
 * back only what may be the beginning of one. Linear, whatever the sequences (Aho and Corasick's automaton).
 */
export class StopMatcher {
  readonly #root: Node;
  #at: Node;
  #held = '';

  constructor(sequences: readonly string[]) {
    this.#root = buildAutomaton(sequences);
    this.#at = this.#root;
  }

  push(text: string): StopMatch {
    let at = this.#at;
    for (let index = 0; index < text.length; index++) {
      at = step(this.#root, at, text[index] ?? '');
      if (at.match === undefined) continue;
      const before = this.#held + text.slice(0, index + 1);
      return { text: before.slice(0, before.length - at.match.length), stop: at.match };
    }
    this.#at = at;
    const all = this.#held + text;
    const safe = all.length - at.depth;
    this.#held = all.slice(safe);
    return { text: all.slice(0, safe) };
  }

  /** The text is interrupted or complete: what was held back is text. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    this.#at = this.#root;
    return held;
  }
}

function step(root: Node, from: Node, char: string): Node {
  let node: Node | undefined = from;
  while (node !== undefined) {
    const next = node.next.get(char);
    if (next) return next;
    node = node.fallback;
  }
  return root;
}

function buildAutomaton(sequences: readonly string[]): Node {
  const root: Node = { depth: 0, next: new Map(), fallback: undefined, match: undefined };
  for (const sequence of sequences) {
    let node = root;
    for (let index = 0; index < sequence.length; index++) {
      const char = sequence[index] ?? '';
      let next = node.next.get(char);
      if (!next) {
        next = { depth: index + 1, next: new Map(), fallback: undefined, match: undefined };
        node.next.set(char, next);
      }
      node = next;
    }
    if (node !== root) node.match = sequence;
  }
  const queue: Node[] = [root];
  for (const node of queue) {
    for (const [char, next] of node.next) {
      next.fallback = node.fallback ? step(root, node.fallback, char) : root;
      next.match ??= next.fallback.match;
      queue.push(next);
    }
  }
  return root;
}
