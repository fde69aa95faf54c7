import type { CommandName } from '../commands/command-table.ts';

/** An entry of a tree view. */
export interface TreeNode {
  /** Unique within its view and the same as long as it is the same thing, so that VS Code keeps what is open and selected. */
  readonly id: string;
  readonly label: string;
  /** Shown paler, after the label. */
  readonly description?: string;
  readonly icon?: string;
  /** Of the icon, as a theme's colour is called. */
  readonly color?: string;
  /** Markdown. */
  readonly tooltip?: string;
  /** What menus know it by. */
  readonly kind?: string;
  /** What a click does. It is given the node. */
  readonly command?: CommandName;
  /** A node that has them is a group, open at first. */
  readonly children?: readonly TreeNode[];
  /** The model that it stands for. */
  readonly modelId?: string;
  /** The client that it stands for. */
  readonly clientId?: string;
}
