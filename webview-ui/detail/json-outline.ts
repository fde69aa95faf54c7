/** One line of a JSON tree that is in sight. */
export interface JsonRow {
  /** Where it is, as a JSON pointer; a line of a text has the line's number at its end. */
  readonly path: string;
  /** 0 for the outermost. */
  readonly depth: number;
  readonly key: string | undefined;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'line';
  /** The value in a line: cut, where it is long. */
  readonly text: string;
  /** Undefined where there is nothing to unfold. */
  readonly expanded: boolean | undefined;
}

const longestPreview = 300;
const longestGlimpse = 40;
const mostMembers = 6;
const longestLine = 200;
const unfoldedDepth = 2;
const mostUnfolded = 100;
const mostMatches = 10_000;

/** A JSON value as lines that fold. Only what is unfolded costs anything. */
export class JsonOutline {
  readonly #root: unknown;
  readonly #toggled = new Set<string>();
  /** JSON that was found inside of strings, by the string. */
  readonly #inner = new Map<string, unknown>();
  #rows: readonly JsonRow[] | undefined;

  constructor(root: unknown) {
    this.#root = root;
  }

  /** The lines as they are folded now. The same array until that changes. */
  get rows(): readonly JsonRow[] {
    if (this.#rows) return this.#rows;
    const rows: JsonRow[] = [];
    this.#add(rows, '', undefined, this.#root, 0);
    this.#rows = rows;
    return rows;
  }

  toggle(path: string): void {
    if (!this.#toggled.delete(path)) this.#toggled.add(path);
    this.#rows = undefined;
  }

  /** The paths of all keys and values that hold the text, whatever its letter case, in the order of the document. */
  find(query: string): readonly string[] {
    const wanted = query.toLowerCase();
    const found: string[] = [];
    if (wanted === '') return found;
    const visit = (path: string, key: string | undefined, value: unknown): void => {
      if (found.length >= mostMatches) return;
      const children = childrenOf(value);
      const isHit = (text: string) => text.toLowerCase().includes(wanted);
      if ((key !== undefined && isHit(key)) || (!children && isHit(String(value)))) found.push(path);
      for (const [name, child] of children ?? []) visit(`${path}/${escaped(name)}`, name, child);
    };
    visit('', undefined, this.#root);
    return found;
  }

  /** Unfolds what is around a path, and returns the index of its row. */
  reveal(path: string): number {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length++) {
      const outer = parts.slice(0, length).join('/');
      const row = this.rows.find((each) => each.path === outer);
      if (row?.expanded === false) this.toggle(outer);
    }
    return this.rows.findIndex((row) => row.path === path);
  }

  #add(rows: JsonRow[], path: string, key: string | undefined, value: unknown, depth: number): void {
    const children = this.#unfoldable(value);
    const expanded = children ? this.#isExpanded(path, value, children.length, depth) : undefined;
    rows.push({ path, depth, key, kind: kindOf(value), text: preview(value, expanded === true), expanded });
    if (!children || expanded !== true) return;
    for (const [name, child] of children) {
      const inner = `${path}/${escaped(name)}`;
      if (typeof value === 'string' && typeof child === 'string')
        rows.push({
          path: inner,
          depth: depth + 1,
          key: undefined,
          kind: 'line',
          text: child,
          expanded: undefined,
        });
      else this.#add(rows, inner, name, child, depth + 1);
    }
  }

  #isExpanded(path: string, value: unknown, count: number, depth: number): boolean {
    const isByDefault = depth < unfoldedDepth && count <= mostUnfolded && typeof value !== 'string';
    return isByDefault !== this.#toggled.has(path);
  }

  /** Undefined where there is nothing to unfold. A string unfolds into the JSON in it, or into its lines. */
  #unfoldable(value: unknown): readonly (readonly [string, unknown])[] | undefined {
    if (typeof value !== 'string') {
      const children = childrenOf(value);
      return children && children.length > 0 ? children : undefined;
    }
    if (/^\s*[[{]/.test(value)) {
      if (!this.#inner.has(value)) this.#inner.set(value, parsed(value));
      const children = childrenOf(this.#inner.get(value));
      if (children && children.length > 0) return children;
    }
    if (value.length <= longestPreview && !value.includes('\n')) return undefined;
    return linesOf(value).map((line, index) => [String(index), line]);
  }
}

function childrenOf(value: unknown): readonly (readonly [string, unknown])[] | undefined {
  return typeof value === 'object' && value !== null ? Object.entries(value) : undefined;
}

function kindOf(value: unknown): JsonRow['kind'] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return 'object';
  }
}

/** Of what is unfolded, no more than how much there is: the rest is in the lines below. */
function preview(value: unknown, isUnfolded: boolean): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    if (isUnfolded) return `{${members.length}}`;
    const shown = members.slice(0, mostMembers).map(([name, member]) => `${name}: ${glimpse(member)}`);
    return `{${shown.join(', ')}${members.length > mostMembers ? ', …' : ''}}`;
  }
  if (typeof value !== 'string') return String(value);
  return value.length > longestPreview
    ? `${JSON.stringify(value.slice(0, longestPreview))}…`
    : JSON.stringify(value);
}

/** A member of a folded object. */
function glimpse(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) return '{…}';
  if (typeof value !== 'string') return String(value);
  return value.length > longestGlimpse
    ? `${JSON.stringify(value.slice(0, longestGlimpse))}…`
    : JSON.stringify(value);
}

/** The lines of a text; long ones go on in the next. */
export function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    if (line.length <= longestLine) return [line];
    const parts: string[] = [];
    for (let at = 0; at < line.length; at += longestLine) parts.push(line.slice(at, at + longestLine));
    return parts;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
