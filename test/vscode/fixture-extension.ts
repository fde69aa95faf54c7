import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';

/** A packaged extension with one command, which runs `body`, a CommonJS program that knows `vscode`. */
export interface FixtureExtension {
  /** The `.vsix` file. */
  readonly path: string;
  remove(): void;
}

/** Packages an extension for one group of tests; `title` is that of its command. */
export function fixtureExtension(name: string, title: string, body: string): FixtureExtension {
  const command = `${name}.run`;
  const manifest = {
    name,
    publisher: 'fixture',
    version: '1.0.0',
    engines: { vscode: '^1.96.0' },
    main: './extension.js',
    activationEvents: [],
    contributes: { commands: [{ command, title }] },
  };
  const program = `
    const vscode = require('vscode');
    exports.activate = (context) => {
      context.subscriptions.push(vscode.commands.registerCommand('${command}', () => {${body}}));
    };`;
  const files = {
    'extension.vsixmanifest': `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${name}" Version="1.0.0" Publisher="fixture"/>
    <DisplayName>${name}</DisplayName><Description>${title}</Description>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
  </Assets>
</PackageManifest>`,
    '[Content_Types].xml': `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
  <Default Extension=".json" ContentType="application/json"/>
  <Default Extension=".js" ContentType="application/javascript"/>
  <Default Extension=".vsixmanifest" ContentType="text/xml"/>
</Types>`,
    'extension/package.json': JSON.stringify(manifest),
    'extension/extension.js': program,
  };
  const folder = mkdtempSync(join(tmpdir(), 'lingma-fixture-'));
  const path = join(folder, `${name}.vsix`);
  const zipped = Object.entries(files).map(([file, content]) => [file, strToU8(content)] as const);
  writeFileSync(path, zipSync(Object.fromEntries(zipped)));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
