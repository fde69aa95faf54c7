import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import markdownIt, { type Token } from 'markdown-it';

export const root = join(import.meta.dirname, '..', '..');

/** A fenced block of a page. */
export interface CodeBlock {
  readonly language: string;
  /** Words after the language: `run`, `written`. */
  readonly marks: readonly string[];
  readonly text: string;
  /** For messages of tests: page and line. */
  readonly where: string;
}

/** A Markdown file of this project, read for checks. */
export interface MarkdownPage {
  /** From the project's folder, with `/`. */
  readonly path: string;
  readonly headings: readonly { readonly level: number; readonly text: string }[];
  /** Names by which a link reaches a heading, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  /** Targets of links and pictures as written. */
  readonly links: readonly string[];
  readonly blocks: readonly CodeBlock[];
  /** What stands between backquotes in running text. */
  readonly codeSpans: readonly string[];
  /** The cells of each table's rows, headings left out, as written. */
  readonly rows: readonly (readonly string[])[];
}

const parser = markdownIt({ html: true });
const unread = new Set(['node_modules', '.cache', 'packages', 'dist', 'fixtures', '.git']);

/** Every page of the project, generated and vendored ones left out. */
export function allPages(): MarkdownPage[] {
  return markdownFiles(root)
    .map((file) => relative(root, file).split(sep).join('/'))
    .toSorted()
    .map(readPage);
}

export function readPage(path: string): MarkdownPage {
  const tokens = parser.parse(readFileSync(join(root, path), 'utf8'), {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const headings = tokens.flatMap((token, index) =>
    token.type === 'heading_open'
      ? [{ level: Number(token.tag.slice(1)), text: plainText(tokens[index + 1]) }]
      : [],
  );
  return {
    path,
    headings,
    anchors: anchorsOf(headings.map(({ text }) => text)),
    links: inline.flatMap((token) => String(token.attrGet('href') ?? token.attrGet('src') ?? '') || []),
    blocks: tokens.filter(({ type }) => type === 'fence').map((token) => codeBlock(token, path)),
    codeSpans: inline.filter(({ type }) => type === 'code_inline').map(({ content }) => content),
    rows: rowsOf(tokens),
  };
}

/** The file that a relative link of a page leads to, from the project's folder, and the anchor in it. */
export function resolveLink(
  page: MarkdownPage,
  link: string,
): { readonly path: string; readonly anchor: string } {
  const [file = '', anchor = ''] = decodeURI(link).split('#');
  const path = file === '' ? page.path : join(dirname(page.path), file).split(sep).join('/');
  return { path: path.replace(/\/$/, ''), anchor };
}

function markdownFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (unread.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function codeBlock({ info, content, map }: Token, path: string): CodeBlock {
  const [language = '', ...marks] = info.trim().split(/\s+/);
  return { language, marks, text: content, where: `${path}:${(map?.[0] ?? 0) + 1}` };
}

function rowsOf(tokens: readonly Token[]): string[][] {
  const rows: string[][] = [];
  let isBody = false;
  for (const [index, { type }] of tokens.entries()) {
    if (type === 'tbody_open' || type === 'tbody_close') isBody = type === 'tbody_open';
    else if (type === 'tr_open' && isBody) rows.push([]);
    else if (type === 'td_open') rows.at(-1)?.push(tokens[index + 1]?.content ?? '');
  }
  return rows;
}

function plainText(token: Token | undefined): string {
  return (token?.children ?? []).map(({ content }) => content).join('');
}

/** GitHub's rule: lower case, no punctuation, spaces as hyphens, a number behind what comes again. */
function anchorsOf(headings: readonly string[]): Set<string> {
  const anchors = new Set<string>();
  for (const heading of headings) {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = name;
    for (let again = 1; anchors.has(anchor); again++) anchor = `${name}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}
