import fs from 'node:fs';
import path from 'node:path';
import { type AppName, describeVariables, parseSettings } from '#config';
import { catalogJsonSchema } from '#services';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nodeArguments } from '../../../scripts/launcher/node-arguments.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
/** How a container starts Node for an application: as `npm start` does, from the folder of the image. */
const startOf = (app: string) => [
  'node',
  ...nodeArguments(app).map((word) => word.replace(root, '.')),
  `dist/run/${app}.js`,
];
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly command?: string; readonly environment?: Readonly<Record<string, string>> }>
  >;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const names = new Set<string>(describeVariables().map(({ name }) => name));

describe('deployment files', () => {
  const ours = Object.entries(compose.services).filter(([name]) => !['postgres', 'redis'].includes(name));

  it.each(ours)('docker-compose.yml sets only variables that %s knows', (_, service) => {
    expect(Object.keys(service.environment ?? {}).filter((name) => !names.has(name))).toEqual([]);
  });

  it.each(['gateway', 'worker', 'api', 'migrations'] satisfies AppName[])(
    'docker-compose.yml gives %s all that it needs',
    (app) => {
      const environment = compose.services[app]!.environment!;
      expect(() => parseSettings(app, environment)).not.toThrow();
    },
  );

  it.each(ours.map(([name, { command }]) => [name, command!] as const))(
    '%s runs a file that exists in the repository',
    (_, command) => {
      const scripts = command.split(' ').filter((word) => /\.m?js$/.test(word));
      const sources = scripts.map((script) => script.replace(/^dist\/run\/(.+)\.js$/, 'apps/$1/src/main.ts'));
      expect(sources).not.toEqual([]);
      expect(sources.filter((source) => !fs.existsSync(path.join(root, source)))).toEqual([]);
    },
  );

  it.each(
    ours.filter(([, { command }]) => command!.includes('dist/run/')).map(([name, { command }]) => [name, command!]),
  )('docker-compose.yml starts %s with what npm start gives Node', (app, command) => {
    const start = startOf(app!).join(' ');
    expect(`${command} `.slice(0, start.length + 1)).toBe(`${start} `);
  });

  it('the Dockerfile copies only what the repository has, and sets no unknown variable', () => {
    const lines = read('deploy/Dockerfile').split('\n');
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    expect(copied.length).toBeGreaterThan(8);
    expect(copied.filter((file) => !fs.existsSync(path.join(root, file)))).toEqual([]);
    const set = lines.filter((line) => line.startsWith('ENV ')).map((line) => line.split(' ')[1]!.split('=')[0]!);
    expect(set.filter((name) => name !== 'NODE_ENV' && !names.has(name))).toEqual([]);
    const run = JSON.parse(lines.findLast((line) => line.startsWith('CMD '))!.slice('CMD '.length)) as string[];
    expect(run).toEqual(startOf('api'));
  });

  it('.env.example names every variable once, and no other', () => {
    const listed = read('.env.example')
      .split('\n')
      .flatMap((line) => /^#? ?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1] ?? []);
    expect([...listed].sort()).toEqual([...names].sort());
  });

  it('.env.example groups the variables, and says of each what operators read of it and who reads it', () => {
    const expected = describeVariables().map(({ name, group, description, apps }) => ({
      name,
      group,
      words: `${description} (${apps.filter((app) => app !== 'simulation').join(', ')})`,
    }));
    let group = '';
    let words = '';
    const listed = [];
    for (const line of read('.env.example').split('\n')) {
      if (line.startsWith('## ')) group = line.slice(3);
      const name = /^#? ?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1];
      if (name !== undefined) listed.push({ name, group, words });
      else if (line.startsWith('# ')) words = line.slice(2);
    }
    expect(listed).toEqual(expected);
  });

  it('docs/catalog.schema.json is what `tollgate catalog schema` prints', () => {
    expect(JSON.parse(read('docs/catalog.schema.json'))).toEqual(JSON.parse(JSON.stringify(catalogJsonSchema())));
  });
});
