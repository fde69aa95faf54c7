import { isRecord, type JsonRecord, tryParseJson } from '../../core/json.ts';
import type { FunctionTool } from '../../core/turn.ts';
import { findArgumentName, findToolName } from './aliases.ts';
import { allowsNull, coerce, typesOf } from './coerce.ts';

/** A call that the client's tool can take, or what is wrong with it in words for the model. */
export type ResolvedCall =
  | { readonly ok: true; readonly name: string; readonly input: string }
  | { readonly ok: false; readonly problem: string };

/** Keys under which models write the tool's name, ours first. */
export const nameKeys: readonly string[] = ['tool', 'name', 'tool_name', 'toolName', 'function'];
/** Keys under which models write the arguments, ours first. */
export const argumentKeys: readonly string[] = ['parameters', 'arguments', 'input', 'args', 'params'];
const otherKeys: readonly string[] = ['id', 'call_id', 'type'];

/** Whether a key at the top of an object is one that a written call has. */
export function isCallKey(key: string): boolean {
  return nameKeys.includes(key) || argumentKeys.includes(key) || otherKeys.includes(key);
}

/** The tools that the model may call in this answer, by every name that can only mean one of them. */
export class CallableTools {
  readonly #tools: ReadonlyMap<string, FunctionTool>;
  readonly #names: readonly string[];
  readonly longestName: number;

  constructor(tools: readonly FunctionTool[]) {
    this.#tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.#names = [...this.#tools.keys()];
    this.longestName = this.#names.reduce((longest, name) => Math.max(longest, name.length), 0);
  }

  find(name: string): FunctionTool | undefined {
    const found = findToolName(name.trim(), this.#names);
    return found === undefined ? undefined : this.#tools.get(found);
  }

  /** What a written object calls. */
  resolve(written: JsonRecord): ResolvedCall {
    const nested = written['function'];
    if (isRecord(nested)) return this.resolve(nested);
    const nameKey = nameKeys.find((key) => typeof written[key] === 'string');
    if (nameKey === undefined) return { ok: false, problem: 'The block does not name a tool under "tool".' };
    const name = String(written[nameKey]);
    const tool = this.find(name);
    if (!tool) {
      return {
        ok: false,
        problem: `There is no tool "${name.slice(0, 80)}". The tools are: ${this.#names.slice(0, 60).join(', ')}.`,
      };
    }
    return firstThatFits(
      tool,
      readings(written, nameKey, tool).map((reading) => fitArguments(reading, tool)),
    );
  }

  /** A call whose arguments were written as text, as in `<parameter=KEY>value</parameter>`. */
  resolveTexts(name: string, texts: ReadonlyMap<string, string>): ResolvedCall {
    return this.resolve({ tool: name, parameters: Object.fromEntries(texts) });
  }
}

export function propertiesOf(tool: FunctionTool): JsonRecord {
  const properties = tool.inputSchema['properties'];
  return isRecord(properties) ? properties : {};
}

export function requiredOf(tool: FunctionTool): readonly string[] {
  const required = tool.inputSchema['required'];
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

interface FittedArguments {
  readonly values: JsonRecord;
  readonly missing: readonly string[];
}

function firstThatFits(tool: FunctionTool, fitted: readonly FittedArguments[]): ResolvedCall {
  const whole = fitted.find((candidate) => candidate.missing.length === 0);
  if (whole) return { ok: true, name: tool.name, input: JSON.stringify(whole.values) };
  const missing = fitted[0]?.missing ?? [];
  if (missing.length === 0) {
    return { ok: false, problem: `The parameters of "${tool.name}" must be a JSON object.` };
  }
  const list = missing.map((name) => `"${name}"`).join(', ');
  return { ok: false, problem: `The call of "${tool.name}" lacks the required ${list} under "parameters".` };
}

/** What the arguments can be, likeliest first: the value under an argument key, else the object's own other members. */
function readings(written: JsonRecord, nameKey: string, tool: FunctionTool): readonly JsonRecord[] {
  const declared = propertiesOf(tool);
  const argumentKey = argumentKeys.find((key) => Object.hasOwn(written, key));
  const wrapped = argumentKey === undefined ? undefined : asArguments(written[argumentKey], tool);
  const own = Object.fromEntries(
    Object.entries(written).filter(
      ([key]) => key !== nameKey && (!otherKeys.includes(key) || Object.hasOwn(declared, key)),
    ),
  );
  if (argumentKey === undefined) return [own];
  if (wrapped === undefined) return Object.hasOwn(declared, argumentKey) ? [own] : [];
  return Object.hasOwn(declared, argumentKey) ? [wrapped, own] : [wrapped];
}

function asArguments(value: unknown, tool: FunctionTool): JsonRecord | undefined {
  if (isRecord(value)) return value;
  if (value === null || value === '') return {};
  if (typeof value !== 'string') return undefined;
  const parsed = /^\s*\{/.test(value) ? tryParseJson(value) : undefined;
  if (isRecord(parsed)) return parsed;
  const only = onlyText(tool);
  return only === undefined ? undefined : { [only]: value };
}

/** The tool's only parameter, when it has just one and that is text. */
function onlyText(tool: FunctionTool): string | undefined {
  const [first, ...rest] = Object.entries(propertiesOf(tool));
  if (!first || rest.length > 0 || !isRecord(first[1])) return undefined;
  return typesOf(first[1]).includes('string') ? first[0] : undefined;
}

function fitArguments(written: JsonRecord, tool: FunctionTool): FittedArguments {
  const declared = propertiesOf(tool);
  const required = requiredOf(tool);
  const free = Object.keys(declared).filter((name) => !Object.hasOwn(written, name));
  const taken = new Map<string, unknown>();
  for (const [key, value] of Object.entries(written)) {
    const known = Object.hasOwn(declared, key);
    const name = known ? key : (findArgumentName(key, free) ?? key);
    if (taken.has(name)) continue;
    if (!known && name !== key) free.splice(free.indexOf(name), 1);
    const schema = Object.hasOwn(declared, name) ? declared[name] : undefined;
    // A null for what may not be null is how models leave an argument out.
    if (value === null && schema !== undefined && !allowsNull(schema)) continue;
    taken.set(name, coerce(value, schema));
  }
  return {
    values: Object.fromEntries(taken),
    missing: required.filter((name) => !taken.has(name)),
  };
}
