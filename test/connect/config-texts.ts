import fc from 'fast-check';
import { stringify as yamlText } from 'yaml';
import { configKeys, configValues } from './config-words.ts';

const keys = fc.constantFrom(...configKeys, ...['a', 'b c', 'd.e', '蓝', '"', '$schema']);
const scalars = fc.oneof(
  fc.constantFrom(...configValues, ...['', 'x # y', '{"}', "it's", '蓝\n\t"', '- no']),
  fc.integer({ min: -9, max: 9 }),
  fc.boolean(),
);

const { table } = fc.letrec<{ table: Record<string, unknown>; value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: scalars },
    { weight: 3, arbitrary: tie('table') },
    { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }) },
    { weight: 2, arbitrary: fc.array(tie('table'), { maxLength: 3 }) },
  ),
  table: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

/** How a file is written. */
const style = fc.record({
  indent: fc.constantFrom('  ', '    ', '\t'),
  eol: fc.constantFrom('\n', '\r\n'),
  mark: fc.constantFrom('', '\uFEFF'),
  isOpenEnded: fc.boolean(),
  trailingCommas: fc.boolean(),
  /** Which lines have a comment. */
  commented: fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
});
type Style = typeof style extends fc.Arbitrary<infer T> ? T : never;

/** Comments that can be told from one another. */
function comments({ commented }: Style, sign: string): () => string {
  let count = 0;
  return () => (commented.next().value === 0 ? ` ${sign} comment ${++count}.` : '');
}

function finished(lines: readonly string[], { eol, mark, isOpenEnded }: Style): string {
  return mark + lines.join(eol) + (isOpenEnded ? '' : eol);
}

/** JSON with comments and trailing commas. */
export const jsonTexts = fc.tuple(table, style).map(([data, how]) => {
  const comment = comments(how, '//');
  const render = (value: unknown, indent: string): string[] => {
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
      return [JSON.stringify(value)];
    const entries = Object.entries(value);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    const lines = [`${open}${comment()}`];
    for (const [index, [key, inner]] of entries.entries()) {
      const [first = '', ...more] = render(inner, indent + how.indent);
      lines.push(
        `${indent}${how.indent}${Array.isArray(value) ? '' : `${JSON.stringify(key)}: `}${first}`,
        ...more,
      );
      lines.push(`${lines.pop()}${how.trailingCommas || index < entries.length - 1 ? ',' : ''}${comment()}`);
    }
    return [...lines, `${indent}${close}`];
  };
  return finished(render(data, ''), how);
});

/** YAML in blocks. */
export const yamlTexts = fc.tuple(table, style).map(([data, how]) => {
  const comment = comments(how, '#');
  const text = yamlText(data, {
    indent: how.indent.length === 4 ? 4 : 2,
    lineWidth: 0,
    indentSeq: how.isOpenEnded,
  });
  const lines = text.trimEnd().split('\n');
  // A comment may stand on a line of its own anywhere but in a text that goes over several lines.
  const isPlain = !/[|>][-+]?\d?$/m.test(text);
  return finished(
    lines.flatMap((line) => {
      const own = isPlain ? comment() : '';
      return own === '' ? [line] : [line, own.trim()];
    }),
    how,
  );
});

/** TOML with tables, dotted keys and texts over several lines. */
export const tomlTexts = fc
  .tuple(
    fc.array(
      fc.constantFrom(
        'model = "gpt"',
        "'model_provider' = 'other'",
        'profile = "mine"',
        'model_context_window = 400_000',
        'list = [ "]", # [x]\n  1, ]',
        'text = """\n[model_providers.lingma]\n"quotes""""',
        "raw = '''\n# no comment\n'''",
        'when = 1979-05-27T07:32:00Z',
        'day = 1979-05-27',
        'features.a."b c" = true',
      ),
      { maxLength: 6 },
    ),
    fc.array(
      fc.constantFrom(
        '[model_providers.lingma]\nname = "Mine"\nbase_url = "http://127.0.0.1:9/v1"',
        '[model_providers.other]\nbase_url = "http://127.0.0.1:9/v1" # here',
        '[ profiles . "mine" ]\nmodel = "gpt"\n\n\n',
        '[[hooks]]\nname = "x"\n[hooks.inner]\nmodel = "y"',
        '[empty]',
        '[mcp_servers.a]\ncommand = "c"\nenv = { "K" = "v" }',
      ),
      { maxLength: 4 },
    ),
    style,
  )
  .map(([keyLines, tables, how]) => {
    const comment = comments(how, '#');
    const distinct = [...new Set([...new Set(keyLines), ...new Set(tables)])];
    const lines = distinct.flatMap((each) => {
      const own = comment();
      return [...(own === '' ? [] : [own.trim()]), ...each.split('\n')];
    });
    return finished(lines, how);
  });

/** Every comment that these texts hold. */
export function commentsIn(text: string): readonly string[] {
  return text.match(/comment \d+\./g) ?? [];
}
