/**
 * What the packages of a version are made of, as a CycloneDX document; the same for the same contents. `bundled` are the packages in the
 * bundles of every target, `libraries` those of the image library by the name of the target; each is `{ name, version, license }`.
 */
export function billOfMaterials(version, bundled, libraries) {
  const components = new Map(bundled.map((each) => [locator(each), component(each)]));
  for (const [target, packages] of Object.entries(libraries)) {
    for (const each of packages) {
      const known = components.get(locator(each)) ?? { ...component(each), properties: [] };
      known.properties?.push({ name: 'lingma-proxy:package', value: target });
      components.set(locator(each), known);
    }
  }
  const product = `pkg:npm/lingma-proxy@${version}`;
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        'bom-ref': product,
        type: 'application',
        name: 'lingma-proxy',
        version,
        licenses: [{ license: { id: 'MIT' } }],
        purl: product,
      },
    },
    components: [...components.values()],
    dependencies: [{ ref: product, dependsOn: [...components.keys()] }],
  };
}

function component({ name, version, license }) {
  const purl = locator({ name, version });
  const isExpression = / (AND|OR|WITH) /.test(license);
  const licenses = isExpression ? [{ expression: license }] : [{ license: { id: license } }];
  return { 'bom-ref': purl, type: 'library', name, version, licenses, purl };
}

function locator({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}
