import {
  EventEmitter,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeView,
  window,
} from 'vscode';
import { commandId } from '../commands/command-table.ts';
import type { TreeNode } from './tree-node.ts';

/** A view of the side bar that shows whatever nodes it is given. Costs nothing while nobody sees it. */
export class NodeTreeView implements TreeDataProvider<TreeNode> {
  readonly #nodes: () => readonly TreeNode[];
  readonly #changed = new EventEmitter<undefined>();
  readonly #view: TreeView<TreeNode>;
  #shown = '';
  readonly onDidChangeTreeData = this.#changed.event;

  /** `onShown` hears that the view comes into sight, for what is worth reading only then. */
  constructor(id: string, nodes: () => readonly TreeNode[], onShown: () => void = () => {}) {
    this.#nodes = nodes;
    this.#view = window.createTreeView(id, { treeDataProvider: this, showCollapseAll: false });
    this.#view.onDidChangeVisibility(({ visible }) => {
      if (visible) onShown();
      this.refresh();
    });
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  /** Shows what the nodes are now. */
  refresh(): void {
    if (!this.#view.visible) return;
    const now = JSON.stringify(this.#nodes());
    if (now === this.#shown) return;
    this.#shown = now;
    this.#changed.fire(undefined);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return [...(node ? (node.children ?? []) : this.#nodes())];
  }

  getTreeItem(node: TreeNode): TreeItem {
    const { id, label, description, icon, color, tooltip, kind, command, children } = node;
    const state = children ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None;
    const item = new TreeItem(label, state);
    item.id = id;
    if (description !== undefined) item.description = description;
    if (icon !== undefined)
      item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
    if (tooltip !== undefined) item.tooltip = new MarkdownString(tooltip, true);
    if (kind !== undefined) item.contextValue = kind;
    if (command !== undefined)
      item.command = { command: commandId(command), title: label, arguments: [node] };
    return item;
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }
}
