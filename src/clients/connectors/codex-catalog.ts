import { type Endpoint, modelsDefaultFirst, type OfferedModel } from '../endpoint.ts';

/** The text of the file that Codex's `model_catalog_json` names: every model with what Codex has to know of it. */
export function codexCatalog(endpoint: Endpoint): string {
  return `${JSON.stringify({ models: modelsDefaultFirst(endpoint).map(entryOf) }, undefined, 2)}\n`;
}

/** Lingma knows no levels: any of them asks for thoughts, and a model that has some shows them. */
const reasoningLevels = [
  { effort: 'low', description: 'Asks the model to think, if it can' },
  { effort: 'medium', description: 'Asks the model to think, if it can' },
  { effort: 'high', description: 'Asks the model to think, if it can' },
  { effort: 'xhigh', description: 'Asks the model to think, if it can' },
];

/** The fields that Codex 0.169 wants or understands. */
function entryOf({ id, displayName, contextWindow, vision }: OfferedModel, index: number) {
  return {
    slug: id,
    display_name: displayName,
    description: 'Of your Lingma account',
    default_reasoning_level: 'medium',
    supported_reasoning_levels: reasoningLevels,
    default_reasoning_summary: 'detailed',
    supports_reasoning_summaries: true,
    shell_type: 'unified_exec',
    apply_patch_tool_type: 'freeform',
    visibility: 'list',
    supported_in_api: true,
    // The lowest is offered first.
    priority: index + 1,
    base_instructions: instructions,
    support_verbosity: false,
    supports_parallel_tool_calls: true,
    // How much of a command's output Codex shows to the model.
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    ...(contextWindow === undefined ? {} : { context_window: contextWindow }),
    // A model of which nobody said that it sees no images is not kept from them: the proxy tells when one cannot.
    input_modalities: vision === false ? ['text'] : ['text', 'image'],
    experimental_supported_tools: [],
  };
}

/** What the model is told of its task, as a catalog replaces Codex's own words for models that it knows. */
const instructions = `You are a coding agent at work in Codex CLI, a program in the user's terminal. You share one folder of files with the user, and you are expected to be precise, careful and helpful.

# How to work
- Go on until the task is done. Use your tools to find things out instead of guessing, and to do things instead of describing them.
- Read the code around a change before you make it. Follow the conventions, names and formatting that you find.
- Make the smallest change that solves the problem at its root. Do not touch what the task does not call for.
- Search with \`rg\` and \`rg --files\` where they exist. Independent commands may run in parallel.
- Change files with \`apply_patch\`. Do not read a file again only to see whether a patch was applied: a failed one says so.
- Run the project's own tests or build when they can show whether your change works. Say so when something could not be run.
- Files may hold changes that are not yours. Never undo them, and never run commands that destroy work, such as \`git reset --hard\`, unless the user asked for it.
- Do not commit, push or create branches unless the user asks.
- For longer tasks, keep a short plan with the plan tool if there is one, and keep it up to date.

# How to answer
- Before you use tools, say in a sentence what you are about to do.
- At the end, tell in a few plain sentences what you did and what the user should know. Name files by their paths, and do not paste whole files.
- When the user asks a question, answer it, and change nothing.
- Answer in the user's language.`;
