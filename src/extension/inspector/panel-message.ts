import * as z from 'zod/mini';
import type { PanelCalls } from '../../shared/panel-messages.ts';

type PanelCallName = keyof PanelCalls;

/** What the webview may say. Names and inputs of the proxy's own calls are checked by the proxy. */
export const panelMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('call'), number: z.number(), name: z.string(), input: z.unknown() }),
]);

/** What each call to VS Code itself may be given. */
export const panelCallInputs: { readonly [Name in PanelCallName]: z.ZodMiniType<PanelCalls[Name]['input']> } =
  {
    copy: z.object({ text: z.string() }),
    save: z.object({ name: z.string(), text: z.string() }),
    openText: z.object({ language: z.string(), text: z.string() }),
    setDefaultModel: z.object({ model: z.string() }),
    mapModel: z.object({ name: z.string(), model: z.string() }),
    command: z.object({
      name: z.enum(['start', 'refreshModels', 'exportFeedbackBundle', 'openSettings', 'showLog']),
    }),
  };

export function isPanelCall(name: string): name is PanelCallName {
  return Object.hasOwn(panelCallInputs, name);
}
