import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parseAllDocuments, parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { type LoadedSettings, loadSettings } from '../../src/config/load-settings.ts';
import { settingNames, settingTable } from '../../src/config/settings.ts';
import { bundleCompose } from '../../src/exports/bundle-compose.ts';
import { debianProgram } from './debian-program.ts';

// What no container engine can run here is at least read by the programs that would.
const deploy = join(import.meta.dirname, '..', '..', 'deploy');
const read = (...path: readonly string[]) => readFileSync(join(deploy, ...path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'lingma-deploy-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const variables = new Set<string>(settingNames.flatMap((name) => settingTable[name].environment));

/** Settings from a file that lies in a folder with the two secrets, as they are mounted. */
function loadBeside(settings: string): LoadedSettings {
  const files: Readonly<Record<string, string>> = {
    '/etc/lingma-proxy/lingma-proxy.json': settings,
    '/etc/lingma-proxy/api-key': 'a-key-that-is-long-enough',
  };
  return loadSettings({
    argv: ['--config', '/etc/lingma-proxy/lingma-proxy.json'],
    env: {},
    cwd: '/app',
    home: '/nonexistent',
    platform: 'linux',
    readFile: (path) => files[path] ?? assert.fail(`nothing mounts ${path}`),
  });
}

describe('compose files', () => {
  const compose = debianProgram('docker-compose', 'docker-compose');
  const skip = 'missing' in compose ? compose.missing : false;
  const bundled = join(folder, 'docker-compose.yml');
  writeFileSync(bundled, bundleCompose('1.2.3'));
  const place = (name: string) => join(deploy, 'compose', name);
  const environment = { LINGMA_LOGIN: '/home/ann/.lingma', LINGMA_BUNDLE: '/srv/lingma' };
  const check = (files: readonly string[], env: Readonly<Record<string, string>>) => {
    assert.ok('path' in compose);
    const args = [...files.flatMap((file) => ['-f', file]), 'config'];
    const options = { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: folder, ...env } } as const;
    return spawnSync(compose.path, args, options);
  };
  const composed = z.object({
    services: z.record(
      z.string(),
      z.object({
        user: z.string().optional(),
        read_only: z.boolean().optional(),
        ports: z.array(z.string()).optional(),
        environment: z.record(z.string(), z.string()).optional(),
        volumes: z.array(z.object({ read_only: z.boolean() })).optional(),
      }),
    ),
  });

  for (const files of [
    [place('compose.yaml')],
    [place('compose.yaml'), place('enterprise-proxy.yaml')],
    [place('two-replicas.yaml')],
    [bundled],
  ]) {
    const name = files.map((file) => file.split('/').at(-1)).join(' + ');
    test(`${name}: Compose accepts it; no root, nothing writable, no port beyond loopback`, { skip }, () => {
      const { status, stdout, stderr } = check(files, environment);
      assert.equal(status, 0, stderr);
      for (const [service, settings] of Object.entries(composed.parse(parseYaml(stdout)).services)) {
        for (const port of settings.ports ?? []) assert.match(port, /^127\.0\.0\.1:/);
        for (const volume of settings.volumes ?? []) assert.equal(volume.read_only, true);
        if (service === 'balancer') continue;
        assert.deepEqual([settings.user, settings.read_only], ['1000:1000', true]);
        const unknown = Object.keys(settings.environment ?? {}).filter(
          (variable) => !variables.has(variable),
        );
        assert.deepEqual(unknown, [], 'variables that the proxy does not read');
      }
    });
  }

  test('what has to be named is asked for', { skip }, () => {
    assert.match(check([place('compose.yaml')], {}).stderr, /LINGMA_LOGIN.*holds cache\/user/s);
    assert.match(check([place('two-replicas.yaml')], {}).stderr, /LINGMA_BUNDLE.*unpacked server bundle/s);
  });
});

describe('Kubernetes manifests', () => {
  const kubectl = spawnSync('kubectl', ['version', '--client']).status === 0;
  const skip = kubectl ? false : 'there is no kubectl to build them';
  const build = (path: string) => {
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(deploy, 'kubernetes', path)], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const documents = parseAllDocuments(stdout).map((document): unknown => document.toJS());
    const kinds = new Map(
      documents.map((document) => [z.object({ kind: z.string() }).parse(document).kind, document]),
    );
    return <T>(kind: string, schema: z.ZodType<T>): T => schema.parse(kinds.get(kind));
  };
  const labels = z.record(z.string(), z.string());
  const deployment = z.object({
    spec: z.object({
      replicas: z.number(),
      selector: z.object({ matchLabels: labels }),
      template: z.object({
        metadata: z.object({ labels }),
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }),
          containers: z.tuple([
            z.object({
              args: z.array(z.string()),
              livenessProbe: z.object({
                httpGet: z.object({ path: z.literal('/livez'), port: z.literal('http') }),
              }),
              readinessProbe: z.object({
                httpGet: z.object({ path: z.literal('/readyz'), port: z.literal('http') }),
              }),
              volumeMounts: z.tuple([z.object({ mountPath: z.string(), readOnly: z.literal(true) })]),
            }),
          ]),
        }),
      }),
    }),
  });

  test('the base mounts settings that load, and gives a stop the time that they take', { skip }, () => {
    const find = build('base');
    const { data } = find('ConfigMap', z.object({ data: z.record(z.string(), z.string()) }));
    const { settings, warnings } = loadBeside(data['lingma-proxy.json'] ?? '');
    assert.deepEqual(warnings, []);
    assert.equal(settings.remoteAuthFile, '/etc/lingma-proxy/credentials.json');
    const { spec } = find('Deployment', deployment).spec.template;
    const [container] = spec.containers;
    assert.deepEqual(container.args, [
      '--config',
      `${container.volumeMounts[0].mountPath}/lingma-proxy.json`,
    ]);
    assert.ok(spec.terminationGracePeriodSeconds > settings.drainSeconds + settings.stopSeconds + 2);
  });

  test('the service finds the pods, and keeps a client with its replica', { skip }, () => {
    const find = build('overlays/two-replicas');
    const { spec } = find('Deployment', deployment);
    const service = find(
      'Service',
      z.object({ spec: z.object({ selector: labels, sessionAffinity: z.literal('ClientIP') }) }),
    );
    assert.equal(spec.replicas, 2);
    assert.deepEqual(spec.selector.matchLabels, service.spec.selector);
    assert.deepEqual(spec.template.metadata.labels, service.spec.selector);
    const budget = find(
      'PodDisruptionBudget',
      z.object({
        spec: z.object({ minAvailable: z.literal(1), selector: z.object({ matchLabels: labels }) }),
      }),
    );
    assert.deepEqual(budget.spec.selector.matchLabels, service.spec.selector);
  });
});

describe('the systemd unit for a server', () => {
  const verifier = spawnSync('systemd-analyze', ['--version']).status === 0;
  const skip = verifier ? false : 'there is no systemd-analyze to verify it';

  test('passes systemd’s own check', { skip }, () => {
    const file = join(folder, 'lingma-proxy.service');
    // The program is not installed here.
    writeFileSync(
      file,
      read('systemd', 'lingma-proxy.service').replace('/usr/local/bin/lingma-proxy', '/bin/true'),
    );
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], {
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
  });
});

test('every key in every settings file is known', () => {
  const files = readdirSync(deploy, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  assert.ok(files.length > 0);
  for (const file of files) assert.deepEqual(loadBeside(read(file)).warnings, [], file);
});
