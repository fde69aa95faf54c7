import { createHash } from 'node:crypto';

/** A tool's name as the client writes it. */
export interface ToolName {
  readonly namespace?: string;
  readonly name: string;
}

const portable = /^[a-zA-Z0-9_-]{1,64}$/;
const longest = 64;

/** A name that every upstream takes as it is. */
export function isPortable({ namespace, name }: ToolName): boolean {
  return namespace === undefined && portable.test(name);
}

/** Maps the client's tool names to portable ones and back. The same name maps to the same one in every turn. */
export class ToolNames {
  readonly #portable = new Map<string, string>();
  readonly #original = new Map<string, ToolName>();

  /** `names`: those of the tools that are declared; names that are portable already keep themselves. */
  constructor(names: readonly ToolName[]) {
    for (const name of names) if (isPortable(name)) this.#add(name, name.name);
    for (const name of names) this.toPortable(name);
  }

  /** Also for a name that is no longer declared, as in an old call. */
  toPortable(name: ToolName): string {
    const known = this.#portable.get(qualified(name));
    if (known !== undefined) return known;
    const plain = (name.namespace === undefined ? name.name : `${name.namespace}__${name.name}`).replace(
      /[^a-zA-Z0-9_-]/g,
      '_',
    );
    const unchanged = name.namespace === undefined ? plain === name.name : true;
    const fits = unchanged && portable.test(plain) && !this.#original.has(plain);
    return this.#add(name, fits ? plain : hashed(name, plain));
  }

  /**
   * The client's own name. Models also write a tool's name without its namespace, or with a dot between the two: that counts when
   * it can mean one tool only. Undefined for a name that the client never used.
   */
  toOriginal(name: string): ToolName | undefined {
    const known = this.#original.get(name);
    if (known !== undefined) return known;
    const meant = [...this.#original.values()].filter(
      (original) => original.name === name || `${original.namespace}.${original.name}` === name,
    );
    return meant.length === 1 ? meant[0] : undefined;
  }

  #add(name: ToolName, as: string): string {
    this.#portable.set(qualified(name), as);
    this.#original.set(as, name);
    return as;
  }
}

/** A name with its namespace as one string that nothing else maps to. */
export function qualified({ namespace, name }: ToolName): string {
  return namespace === undefined ? name : `${namespace}\u0000${name}`;
}

function hashed(name: ToolName, plain: string): string {
  const hash = createHash('sha256').update(qualified(name)).digest('hex').slice(0, 8);
  return `${plain.slice(0, longest - hash.length - 1)}_${hash}`;
}
