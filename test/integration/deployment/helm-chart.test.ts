import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type AppName, describeVariables, parseSettings } from '#config';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { APPS, CHART, chartSettings, expectedSettings, readChart } from './helm-chart.js';

const root = path.resolve(CHART, '../../..');
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const templates = fs.readdirSync(path.join(CHART, 'templates')).map((name) => [name, readChart(`templates/${name}`)]);
const templateOf = (name: string) => templates.find(([file]) => file === name)![1]!;
const all = templates.map(([, text]) => text).join('\n');
const known = describeVariables();

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}

const hasHelm = spawnSync('helm', ['version']).status === 0;

describe('the Helm chart', () => {
  it('gives each process the settings that the code reads, and no secret of others', () => {
    expect(chartSettings()).toEqual(JSON.parse(JSON.stringify(expectedSettings())));
  });

  it('refuses settings by its schema that no process reads', () => {
    const schema = JSON.parse(readChart('values.schema.json')) as {
      definitions: { settings: { propertyNames: { enum: string[] } } };
    };
    const offered = new Set(Object.values(expectedSettings()).flatMap(({ settings }) => settings));
    expect(schema.definitions.settings.propertyNames.enum.toSorted()).toEqual([...offered].toSorted());
  });

  it.each([
    ['gateway-statefulset.yaml', 'gateway'],
    ['worker.yaml', 'worker'],
    ['api.yaml', 'api'],
    ['cli.yaml', 'cli'],
  ] satisfies [string, AppName][])('%s makes only settings that %s reads', (file, app) => {
    const made = [...templateOf(file).matchAll(/"([A-Z][A-Z_]+)" /g)].map(([, name]) => name);
    expect(made.length).toBeGreaterThan(0);
    const reads = new Set(known.filter(({ apps }) => apps.includes(app)).map(({ name }) => name as string));
    expect(made.filter((name) => !reads.has(name!))).toEqual([]);
  });

  it('starts each process as docker-compose.yml does', () => {
    const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { command: string }>;
    };
    const files = { gateway: 'gateway-statefulset', worker: 'worker', api: 'api', migrations: 'migrations-job' };
    for (const [app, file] of Object.entries(files)) {
      const [, words] = /command: \[(node[^\]]*)\]/.exec(templateOf(`${file}.yaml`))!;
      expect(words!.split(', ').join(' ')).toBe(services[app]!.command);
    }
  });

  it('asks at paths that are answered, on the ports that it sets', () => {
    const answering = {
      'gateway-statefulset.yaml': [
        'apps/gateway/src/admin/admin-server.ts',
        'apps/gateway/src/supervisor/supervisor-admin.ts',
      ],
      'worker.yaml': ['apps/worker/src/admin/admin-server.service.ts'],
      'api.yaml': ['apps/api/src/health/health.controller.ts'],
    };
    for (const [file, sources] of Object.entries(answering)) {
      const text = templateOf(file);
      const paths = [...text.matchAll(/httpGet: \{ path: (\/\w+), port: (\w+) \}/g)];
      expect(paths).toHaveLength(3);
      for (const [, asked, port] of paths) {
        expect(text).toContain(`- name: ${port}\n`);
        for (const source of sources) expect(read(source)).toMatch(new RegExp(`'/?${asked!.slice(1)}'`));
      }
    }
    const { GATEWAY_PORT, GATEWAY_ADMIN_PORT, GATEWAY_TLS_PORT } = parseSettings('gateway', minimal('gateway'));
    for (const port of [GATEWAY_PORT, GATEWAY_ADMIN_PORT, GATEWAY_TLS_PORT])
      expect(templateOf('gateway-statefulset.yaml')).toContain(`containerPort: ${port}\n`);
    expect(templateOf('worker.yaml')).toContain(
      `containerPort: ${parseSettings('worker', minimal('worker')).WORKER_ADMIN_PORT}\n`,
    );
    expect(templateOf('api.yaml')).toContain(`containerPort: ${parseSettings('api', minimal('api')).API_PORT}\n`);
  });

  it('lets gateways drain for longer than they take', () => {
    const [, forceAfter] = /forceAfterMs = ([\d_]+);/.exec(read('apps/gateway/src/supervisor/gateway-supervisor.ts'))!;
    const seconds = Number(forceAfter!.replaceAll('_', '')) / 1_000;
    expect(templateOf('gateway-statefulset.yaml')).toContain(`preStopSeconds) ${seconds} | int`);
    const { gateway } = parse(readChart('values.yaml')) as { gateway: Record<string, number> };
    expect(gateway['terminationGracePeriodSeconds']).toBeGreaterThan(gateway['preStopSeconds']! + seconds);
  });

  it('runs as the user of the image, who can write to its volumes only', () => {
    const { podSecurityContext, securityContext } = parse(readChart('values.yaml')) as Record<string, object>;
    expect(read('deploy/Dockerfile')).toContain('\nUSER node\n');
    expect(podSecurityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 });
    expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(read('deploy/Dockerfile')).toContain('/var/lib/tollgate/journal');
  });

  it('has the alerts and the dashboard as they are in the repository', () => {
    expect(readChart('files/alerts.yml')).toBe(read('deploy/prometheus/alerts.yml'));
    expect(readChart('files/dashboard.json')).toBe(read('deploy/grafana/tollgate.json'));
  });

  it('uses every value that it offers, and offers every value that it uses', () => {
    const fields = (tree: unknown, at = ''): string[] => [
      ...(at === '' ? [] : [at]),
      ...(typeof tree !== 'object' || tree === null || Array.isArray(tree)
        ? []
        : Object.entries(tree).flatMap(([name, part]) => fields(part, at === '' ? name : `${at}.${name}`))),
    ];
    const offered = new Set(fields(parse(readChart('values.yaml'))));
    const used = [...all.matchAll(/\.Values\.([A-Za-z.]+[A-Za-z])/g)].map(([, name]) =>
      name!.replace(/^settings\..*/, 'settings'),
    );
    expect(used.length).toBeGreaterThan(50);
    expect([...new Set(used)].filter((name) => !offered.has(name))).toEqual([]);
    const leaves = [...offered].filter((name) => ![...offered].some((other) => other.startsWith(`${name}.`)));
    const words = new Set(all.match(/[A-Za-z]+/g));
    const ofContexts = /^(podSecurityContext|securityContext)\.|\.resources\.|\.labels\./;
    expect(leaves.filter((name) => !ofContexts.test(name) && !words.has(name.split('.').at(-1)!))).toEqual([]);
  });
});

describe.skipIf(!hasHelm)(
  hasHelm ? 'the Helm chart as helm renders it' : 'needs helm in the path: the chart as it is rendered',
  () => {
    const address = { PORTAL_URL: 'https://developers.example.com', GATEWAY_URL: 'https://api.example.com' };
    const render = (values: object) => {
      const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-chart-')), 'values.yaml');
      fs.writeFileSync(file, stringify(values));
      const { status, stdout, stderr } = spawnSync('helm', ['template', 'prod', CHART, '-f', file], {
        encoding: 'utf8',
      });
      fs.rmSync(path.dirname(file), { recursive: true });
      return {
        status,
        stderr,
        manifests: parseAllDocuments(stdout).flatMap((one) => (one.toJS() as Manifest | null) ?? []),
      };
    };

    it('starts every process with settings that it takes', () => {
      const settings = { ...address, RESPONSE_CACHE_BYTES: 134_217_728, TRUSTED_PROXIES: '10.0.0.0/8' };
      const { manifests, stderr } = render({ existingSecret: 'tollgate', settings });
      expect(stderr).not.toMatch(/^Error/m);
      for (const app of APPS) {
        const [manifest] = manifests.filter(
          ({ metadata }) =>
            metadata.name === `prod-tollgate-${app}` || (app === 'migrations' && metadata.name.endsWith(app)),
        );
        const found =
          manifests.find(({ metadata, spec }) => metadata.name === `prod-tollgate-${app}` && spec.template) ?? manifest;
        const { env } = found!.spec.template!.spec.containers[0]!;
        const environment = Object.fromEntries(
          env.map(({ name, value }) => [
            name,
            value ?? minimal(app)[name] ?? (name === 'GATEWAY_ID' ? 'prod-tollgate-gateway-0' : undefined),
          ]),
        );
        expect(() => parseSettings(app, environment), app).not.toThrow();
      }
    });

    it.each([
      ['no secret', { settings: address }, /existingSecret/],
      ['no address', { existingSecret: 'tollgate' }, /settings\.PORTAL_URL/],
      [
        'a setting that there is not',
        { existingSecret: 'tollgate', settings: { ...address, NOPE: '1' } },
        /NOPE|propertyNames|enum/,
      ],
      [
        'too little time to drain',
        { existingSecret: 'tollgate', settings: address, gateway: { terminationGracePeriodSeconds: 10 } },
        /terminationGracePeriodSeconds/,
      ],
    ])('refuses values with %s', (_, values, words) => {
      const { status, stderr } = render(values);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(words);
    });
  },
);

/** Settings with which a process starts. */
function minimal(app: AppName): Readonly<Record<string, string>> {
  const ring = `1:${Buffer.alloc(32, 7).toString('base64')}`;
  const values: Readonly<Record<string, string>> = {
    DATABASE_URL: 'postgres://tollgate_app:x@postgres/tollgate',
    PORTAL_URL: 'https://developers.example.com',
    GATEWAY_URL: 'https://api.example.com',
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRET: 'whsec_12345678',
    SMTP_URL: 'smtp://mail:25',
    AUTH_SECRET: 'a'.repeat(32),
    KEY_PEPPERS: ring,
    ENCRYPTION_KEYS: ring,
    GATEWAY_ID: 'gateway-1',
    JOURNAL_DIR: '/var/lib/tollgate/journal',
    DECISION_SECRET: 'd'.repeat(32),
  };
  const reads = new Set(known.filter(({ apps }) => apps.includes(app)).map(({ name }) => name as string));
  return Object.fromEntries(Object.entries(values).filter(([name]) => reads.has(name)));
}
