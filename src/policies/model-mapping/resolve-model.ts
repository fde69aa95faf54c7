import { findKnownModel, findListedModel, type KnownModel, type Model } from '../../core/models.ts';

/** A name or a pattern with `*`, and the model that it stands for. Letter case does not matter. */
export interface ModelRule {
  readonly match: string;
  readonly model: string;
}

export interface ModelSettings {
  /** The model for every name that nothing else decides. */
  readonly defaultModel: string;
  /** The model for names that clients use for background work; absent: the default. */
  readonly smallModel?: string;
  /** The user's own rules, the first that fits counts: exact ones before listed names, those with `*` after them. */
  readonly rules?: readonly ModelRule[];
}

export interface ResolvedModel {
  /** What the upstream wants to be told; '' lets it choose. */
  readonly used: string;
  /** What decided, in words. */
  readonly rule: string;
  /** The name that clients know the model by. */
  readonly listedName: string;
}

/** Names that clients use for titles, summaries and other background work. */
const backgroundNames = ['*haiku*', '*-mini', '*-mini-*', '*-nano', '*-nano-*', '*flash*'].map(toPattern);
/** Names of models that this upstream never had, so that no list needs to be asked for them. */
const foreignNames = [
  'claude-*',
  'anthropic*',
  'sonnet*',
  'opus*',
  'haiku*',
  'gpt-*',
  'chatgpt-*',
  'o1*',
  'o3*',
  'o4*',
  'codex*',
  'gemini*',
].map(toPattern);

/** Where a model name leads, given the list as far as it is known; undefined when only the list can tell and is not known. */
export function resolveModel(
  asked: string,
  settings: ModelSettings,
  listed: readonly Model[] | undefined,
  nameOf: (known: KnownModel) => string,
): ResolvedModel | undefined {
  const target = (name: string, rule: string) => resolveTarget(name, rule, listed, nameOf);
  if (asked === '') return target(settings.defaultModel, 'default');
  const fitting = settings.rules?.filter(({ match }) => toPattern(match).test(asked)) ?? [];
  const exact = fitting.find(({ match }) => !match.includes('*'));
  if (exact) return target(exact.model, `rule ${exact.match}`);
  const direct = resolveName(asked, 'the name itself', listed, nameOf);
  if (direct) return direct;
  const [glob] = fitting;
  if (glob) return target(glob.model, `rule ${glob.match}`);
  if (settings.smallModel && fits(asked, backgroundNames)) return target(settings.smallModel, 'small model');
  if (fits(asked, foreignNames)) return target(settings.defaultModel, 'default for other vendors’ names');
  return listed === undefined ? undefined : target(settings.defaultModel, 'default for unknown names');
}

/** A name that the upstream has, or is known to have. */
function resolveName(
  name: string,
  rule: string,
  listed: readonly Model[] | undefined,
  nameOf: (known: KnownModel) => string,
): ResolvedModel | undefined {
  const known = findKnownModel(name);
  const model = listed && findListedModel(listed, name);
  const twin = listed && known && (findListedModel(listed, known.key) ?? findListedModel(listed, known.name));
  const found = model ?? twin;
  if (found) return { used: found.key, rule, listedName: found.id };
  if (!known) return undefined;
  // Without a list that has it, the upstream's own choice is asked for by naming no model.
  if (known.key === 'org_auto') return { used: '', rule, listedName: name };
  const used = nameOf(known);
  return { used, rule: listed ? `${rule}, although the account does not list it` : rule, listedName: used };
}

/** Where a rule or a default leads; an account that has no such model gets its own default. */
function resolveTarget(
  name: string,
  rule: string,
  listed: readonly Model[] | undefined,
  nameOf: (known: KnownModel) => string,
): ResolvedModel {
  const found = resolveName(name, rule, listed, nameOf);
  const isListed = listed?.some(({ key }) => key === found?.used);
  if (found && (found.used === '' || listed === undefined || listed.length === 0 || isListed)) return found;
  const own = listed?.find(({ isDefault }) => isDefault === true) ?? listed?.[0];
  if (own) return { used: own.key, rule: `${rule}, ${name} not listed`, listedName: own.id };
  return { used: name, rule, listedName: name };
}

function fits(name: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(name));
}

function toPattern(glob: string): RegExp {
  const source = glob
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${source}$`, 'is');
}
