/**
 * What VS Code 1.104 and later have beyond `@types/vscode`, which may be no newer than the oldest host that is supported: language
 * models of extensions. All of it may be missing at run time, and its types say so.
 */
declare module 'vscode' {
  export interface LanguageModelChatInformation {
    /** Unique among the provider's models. */
    readonly id: string;
    readonly name: string;
    readonly family: string;
    readonly version: string;
    /** Tokens. */
    readonly maxInputTokens: number;
    readonly maxOutputTokens: number;
    /** Shown beside the name. */
    readonly detail?: string;
    readonly tooltip?: string;
    readonly capabilities: { readonly imageInput: boolean; readonly toolCalling: boolean };
    /** Whether a person finds it in the model picker unasked. Hosts that do not know it leave it alone. */
    readonly isUserSelectable: boolean;
  }

  export interface LanguageModelChatProvider {
    readonly onDidChangeLanguageModelChatInformation: Event<void>;
    /** `silent`: a person is not to be asked anything. */
    provideLanguageModelChatInformation(
      options: { readonly silent: boolean },
      token: CancellationToken,
    ): ProviderResult<LanguageModelChatInformation[]>;
    /** Messages and options are read as what they turn out to be: they differ among hosts. */
    provideLanguageModelChatResponse(
      model: LanguageModelChatInformation,
      messages: readonly unknown[],
      options: unknown,
      progress: Progress<unknown>,
      token: CancellationToken,
    ): Thenable<void>;
    provideTokenCount(
      model: LanguageModelChatInformation,
      text: unknown,
      token: CancellationToken,
    ): Thenable<number>;
  }

  export const LanguageModelDataPart:
    | (new (
        data: Uint8Array,
        mimeType: string,
      ) => { readonly data: Uint8Array; readonly mimeType: string })
    | undefined;

  /** Proposed API up to now; there all the same, and what is reported as one is shown as thoughts. */
  export const LanguageModelThinkingPart: (new (value: string) => { readonly value: string }) | undefined;

  export namespace lm {
    export const registerLanguageModelChatProvider:
      | ((vendor: string, provider: LanguageModelChatProvider) => Disposable)
      | undefined;
  }
}
