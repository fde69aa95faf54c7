import { Connection, type WebviewApi } from './connection.ts';
import { useLanguage } from './localization.ts';
import { InspectorApp } from './shell/inspector-app.ts';

declare function acquireVsCodeApi(): WebviewApi;

/** The texts that the host has put into the page, as a JSON object. */
function bundleOfPage(): Record<string, string> {
  const json: unknown = JSON.parse(document.getElementById('translations')?.textContent ?? '{}');
  if (typeof json !== 'object' || json === null) return {};
  return Object.fromEntries(
    Object.entries(json).flatMap(([english, text]) => (typeof text === 'string' ? [[english, text]] : [])),
  );
}

useLanguage(document.documentElement.lang, bundleOfPage());
const app = new InspectorApp();
app.connection = new Connection(acquireVsCodeApi(), window);
document.body.append(app);
