/** What a tool is for, with the names that models give such a tool. A name may stand in several families. */
export interface ToolFamily {
  /** Completes the sentence "To …". */
  readonly purpose: string;
  readonly names: readonly string[];
}

/** Names are compared in the form that `plainName` gives them. */
export const toolFamilies: readonly ToolFamily[] = [
  {
    purpose: 'run a command',
    names: [
      'bash',
      'terminal',
      'shell',
      'shellcommand',
      'runshellcommand',
      'runcommand',
      'runterminalcmd',
      'executecommand',
      'exec',
      'execcommand',
    ],
  },
  { purpose: 'read a file', names: ['read', 'readfile', 'viewfile'] },
  { purpose: 'search in files', names: ['grep', 'searchfiles', 'grepsearch', 'searchfilecontent'] },
  { purpose: 'find files by name', names: ['glob', 'searchfiles', 'filesearch', 'findfiles'] },
  {
    purpose: 'change a file',
    names: ['edit', 'editfile', 'patch', 'applypatch', 'replace', 'multiedit', 'strreplace'],
  },
  { purpose: 'write a file', names: ['write', 'writefile', 'createfile'] },
  { purpose: 'list a folder', names: ['ls', 'list', 'listdir', 'listdirectory', 'listfiles'] },
  { purpose: 'search the web', names: ['websearch', 'googlewebsearch'] },
  { purpose: 'fetch a web page', names: ['webfetch', 'webextract', 'fetch', 'fetchurl'] },
];

const argumentFamilies: readonly (readonly string[])[] = [
  ['path', 'filepath', 'file', 'filename', 'absolutepath', 'targetfile'],
  ['path', 'directory', 'dir', 'dirpath', 'folder'],
  ['command', 'cmd', 'script', 'shellcommand'],
  ['cwd', 'workdir', 'workingdirectory', 'directory'],
  ['pattern', 'regex', 'query'],
  ['query', 'searchquery', 'searchterm', 'q'],
  ['url', 'uri', 'link'],
  ['oldstring', 'oldstr', 'oldtext'],
  ['newstring', 'newstr', 'newtext'],
  ['content', 'contents', 'text', 'filecontent'],
  ['patch', 'diff', 'input'],
];

/** A name without letter case and separators: `file_path`, `filePath` and `file-path` are one. */
export function plainName(name: string): string {
  return name.replace(/[_\-\s.]/g, '').toLowerCase();
}

/** The one declared name that `written` can only mean, or undefined. */
export function findToolName(written: string, declared: readonly string[]): string | undefined {
  if (declared.includes(written)) return written;
  const plain = plainName(written);
  const same = declared.filter((name) => plainName(name) === plain);
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const families = toolFamilies.filter((family) => family.names.includes(plain));
  const related = declared.filter((name) =>
    families.some((family) => family.names.includes(plainName(name))),
  );
  return related.length === 1 ? related[0] : undefined;
}

/** The one free declared argument that `written` can only mean, or undefined. */
export function findArgumentName(written: string, free: readonly string[]): string | undefined {
  const plain = plainName(written);
  const same = free.filter((name) => plainName(name) === plain);
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const families = argumentFamilies.filter((family) => family.includes(plain));
  const related = free.filter((name) => families.some((family) => family.includes(plainName(name))));
  return related.length === 1 ? related[0] : undefined;
}
