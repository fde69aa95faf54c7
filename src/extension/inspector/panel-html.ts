export interface PanelPage {
  /** Where the page's script and style sheet are, as the webview reaches them. */
  readonly script: string;
  readonly styles: string;
  /** The origin that resources may come from, as the webview's CSP says it. */
  readonly cspSource: string;
  /** Fresh for each page. */
  readonly nonce: string;
  /** Of the texts, such as `en` and `zh-cn`. */
  readonly language: string;
  /** English text → text. */
  readonly translations: Readonly<Record<string, string>>;
}

/** The inspector's document: it runs one script, reads one style sheet and one font, and nothing from anywhere else. */
export function panelHtml({ script, styles, cspSource, nonce, language, translations }: PanelPage): string {
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${attribute(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lingma Proxy</title>
<link rel="stylesheet" href="${attribute(styles)}">
<script type="application/json" id="translations">${jsonInHtml(translations)}</script>
<script type="module" nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</head>
<body data-vscode-context="${attribute('{"preventDefaultContextMenuItems":true}')}"></body>
</html>
`;
}

function attribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

/** JSON that cannot end the element it stands in. */
function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
