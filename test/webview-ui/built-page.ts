import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { basename, join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { panelHtml } from '../../src/extension/inspector/panel-html.ts';

const root = join(import.meta.dirname, '..', '..');
const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };

/** The page as it ships, built from what the sources are now, on a port of its own. */
export interface BuiltPage {
  /** The document in one language; the translations are those that the host would put into it. */
  url(language: string): string;
  close(): void;
}

/** Serves the document that the extension makes, with the same content security policy. */
export async function serveBuiltPage(
  translationsOf: (language: string) => Readonly<Record<string, string>>,
): Promise<BuiltPage> {
  const options: BuildOptions = JSON.parse(
    readFileSync(join(root, 'webview-ui', 'build-options.json'), 'utf8'),
  );
  const { outputFiles } = await build({ ...options, absWorkingDir: root, write: false });
  const files = new Map((outputFiles ?? []).map(({ path, contents }) => [basename(path), contents]));
  const server = createServer((request, response) => {
    const name = basename(new URL(request.url ?? '/', 'http://page').pathname);
    const file = files.get(name);
    if (file) {
      return void response.setHeader('content-type', types[name.split('.').at(-1) ?? ''] ?? '').end(file);
    }
    response.setHeader('content-type', 'text/html; charset=utf-8').end(
      panelHtml({
        script: '/inspector.js',
        styles: '/inspector.css',
        cspSource: origin(server),
        nonce: 'nonce-of-the-test',
        language: name,
        translations: translationsOf(name),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: (language) => `${origin(server)}/${language}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function origin(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
