/** What a turn tells the runtime about its surroundings, in `_meta`. */
export interface PromptSurroundings {
  /** `ai-coding/mode`, such as `agent`. */
  readonly mode: string;
  /** `ai-coding/shell-type`, such as `zsh`. */
  readonly shellType: string;
  /** `ai-coding/current-file-path`, '' when there is none. */
  readonly currentFilePath: string;
}

/** The `_meta` of `session/set_model` and, with a request id, of `session/prompt`. */
export function promptMeta(surroundings: PromptSurroundings, modelId: string, requestId?: string): object {
  return {
    ...(requestId === undefined ? {} : { 'ai-coding/request-id': requestId }),
    'ai-coding/mode': surroundings.mode,
    'ai-coding/model': modelId,
    'ai-coding/shell-type': surroundings.shellType,
    'ai-coding/current-file-path': surroundings.currentFilePath,
    'ai-coding/enabled-mcp-servers': [],
  };
}
