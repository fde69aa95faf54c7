import type { FunctionTool, JsonSchema } from '../../core/turn.ts';
import type { ToolBody } from './schema.ts';

/**
 * The tools that Anthropic defines and the client runs: their requests name a version and no schema, because Claude knows
 * it. Other models have to be told; names, commands and fields are those of Anthropic's tool reference.
 */
export function decodeClientTool(tool: ToolBody): FunctionTool | undefined {
  switch (tool.type) {
    case 'bash_20241022':
    case 'bash_20250124':
      return bash(tool.name ?? 'bash');
    case 'text_editor_20241022':
    case 'text_editor_20250124':
      return textEditor(tool.name ?? 'str_replace_editor', ['undo_edit'], 'new_str');
    case 'text_editor_20250429':
      return textEditor(tool.name ?? 'str_replace_based_edit_tool', [], 'new_str');
    case 'text_editor_20250728':
      return textEditor(tool.name ?? 'str_replace_based_edit_tool', [], 'insert_text');
    case 'memory_20250818':
      return memory(tool.name ?? 'memory');
    case 'computer_20241022':
      return computer(tool, []);
    case 'computer_20250124':
      return computer(tool, laterComputerActions);
    case 'computer_20251124':
      return computer(tool, [...laterComputerActions, 'zoom']);
    default:
      return undefined;
  }
}

const string = { type: 'string' };
const integer = { type: 'integer' };
const pair = { type: 'array', items: integer, minItems: 2, maxItems: 2 };

function schema(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: 'object', properties, required };
}

function described(type: JsonSchema, description: string): JsonSchema {
  return { ...type, description };
}

function bash(name: string): FunctionTool {
  return {
    kind: 'function',
    name,
    description:
      'Runs a command in a bash session that keeps its state between calls, and returns what it printed.',
    inputSchema: schema(
      {
        command: described(string, 'The command to run. Required unless restart is true.'),
        restart: described({ type: 'boolean' }, 'True to restart the session.'),
      },
      [],
    ),
  };
}

function textEditor(name: string, moreCommands: readonly string[], insertedText: string): FunctionTool {
  return {
    kind: 'function',
    name,
    description: 'Views, creates and edits text files.',
    inputSchema: schema(
      {
        command: { ...string, enum: ['view', 'create', 'str_replace', 'insert', ...moreCommands] },
        path: described(string, 'Absolute path of the file, or of a directory to view.'),
        view_range: described(
          pair,
          'For view: first and last line, counted from 1; -1 as the last means to the end.',
        ),
        file_text: described(string, 'For create: the content of the file.'),
        old_str: described(string, 'For str_replace: the text to replace; it must occur exactly once.'),
        new_str: described(string, 'For str_replace: the replacement.'),
        insert_line: described(
          integer,
          'For insert: the line after which the text goes; 0 is the beginning.',
        ),
        [insertedText]: described(
          string,
          insertedText === 'new_str'
            ? 'For str_replace: the replacement. For insert: the text.'
            : 'For insert: the text.',
        ),
      },
      ['command', 'path'],
    ),
  };
}

function memory(name: string): FunctionTool {
  return {
    kind: 'function',
    name,
    description: 'Keeps notes between conversations, as files below /memories.',
    inputSchema: schema(
      {
        command: { ...string, enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'] },
        path: described(string, 'Path below /memories; for every command but rename.'),
        view_range: described(pair, 'For view: first and last line, counted from 1.'),
        file_text: described(string, 'For create: the content of the file.'),
        old_str: described(string, 'For str_replace: the text to replace.'),
        new_str: described(string, 'For str_replace: the replacement.'),
        insert_line: described(integer, 'For insert: the line after which the text goes.'),
        insert_text: described(string, 'For insert: the text.'),
        old_path: described(string, 'For rename: the present path.'),
        new_path: described(string, 'For rename: the new path.'),
      },
      ['command'],
    ),
  };
}

const firstComputerActions = [
  'key',
  'type',
  'mouse_move',
  'left_click',
  'left_click_drag',
  'right_click',
  'middle_click',
  'double_click',
  'screenshot',
  'cursor_position',
];

const laterComputerActions = [
  'left_mouse_down',
  'left_mouse_up',
  'scroll',
  'hold_key',
  'wait',
  'triple_click',
];

function computer(tool: ToolBody, moreActions: readonly string[]): FunctionTool {
  const size =
    tool.display_width_px && tool.display_height_px
      ? ` The screen is ${tool.display_width_px} × ${tool.display_height_px} pixels.`
      : '';
  return {
    kind: 'function',
    name: tool.name ?? 'computer',
    description: `Controls a screen, a mouse and a keyboard, and takes screenshots.${size}`,
    inputSchema: schema(
      {
        action: { ...string, enum: [...firstComputerActions, ...moreActions] },
        coordinate: described(pair, 'x and y in pixels from the top left, for mouse actions.'),
        start_coordinate: described(pair, 'Where a drag begins.'),
        text: described(string, 'The text to type, or the key or combination to press, such as ctrl+s.'),
        duration: described({ type: 'number' }, 'Seconds, for hold_key and wait.'),
        scroll_direction: { ...string, enum: ['up', 'down', 'left', 'right'] },
        scroll_amount: described(integer, 'Clicks of the wheel.'),
        region: described(
          { type: 'array', items: integer, minItems: 4, maxItems: 4 },
          'For zoom: left, top, right and bottom in pixels.',
        ),
      },
      ['action'],
    ),
  };
}
