import { type Document, isCollection, parseDocument } from 'yaml';
import { isRecord } from '../../core/json.ts';
import { phrase, verbatim } from '../../core/localizer.ts';
import { applyEdit, type Edit, isSame } from '../config-data.ts';
import { type ConfigFormat, ConfigSyntaxError, shortened } from './config-format.ts';
import { editYamlLines } from './yaml-lines.ts';

/** Otherwise the library warns on the terminal, quoting what is in the file. */
const quiet = { logLevel: 'error' } as const;

/** YAML, changed line by line where it is written in blocks; else by the library, which keeps comments but sets the lines anew. */
export const yamlFormat: ConfigFormat = {
  title: 'YAML',

  parse(text) {
    const document = parseDocument(text, quiet);
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line;
      throw new ConfigSyntaxError(
        phrase('line {0}: {1}', line ?? 1, shortened(error.message.split(/ at line|\n/)[0])),
      );
    }
    const data = dataOf(document);
    if (data === null || data === undefined) return {};
    if (!isRecord(data)) throw new ConfigSyntaxError(phrase('it should hold a map'));
    return data;
  },

  edit(text, edit) {
    const wanted = applyEdit(yamlFormat.parse(text), edit);
    const edited = editYamlLines(text, edit);
    return edited !== undefined && says(edited, wanted) ? edited : editDocument(text, edit);
  },
};

/** Throws `ConfigSyntaxError` for an alias that stands for nothing, for what it is a part of, or for far more than the text holds. */
function dataOf(document: Document.Parsed): unknown {
  try {
    const data: unknown = document.toJS();
    // Data that hold themselves have no end.
    JSON.stringify(data);
    return data;
  } catch (error) {
    throw new ConfigSyntaxError(
      error instanceof TypeError
        ? phrase('an alias stands for something that it is a part of')
        : verbatim(shortened(error instanceof Error ? error.message : String(error))),
    );
  }
}

function says(text: string, wanted: unknown): boolean {
  try {
    return isSame(yamlFormat.parse(text), wanted);
  } catch {
    return false;
  }
}

function editDocument(text: string, { path, value, insert }: Edit): string | undefined {
  const document = parseDocument(text, quiet);
  if (!isCollection(document.contents)) return undefined;
  if (value === undefined) document.deleteIn(path);
  else if (insert) {
    const list: unknown = document.getIn(path.slice(0, -1));
    const items = isRecord(list) ? list['items'] : undefined;
    if (Array.isArray(items)) items.splice(Number(path.at(-1)), 0, document.createNode(value));
  } else document.setIn(path, document.createNode(value));
  const shown = document.toString({ lineWidth: 0 });
  return text.includes('\r\n') ? shown.replaceAll('\n', '\r\n') : shown;
}
