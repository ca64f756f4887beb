import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.js';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const inFolder = (folder: string) =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const files = ['README.md', ...inFolder('docs'), ...inFolder('docs/guides')];

/** All that a pattern finds in the guides, as the file and the groups of each. */
const found = (pattern: RegExp) =>
  files.flatMap((file) => [...read(file).matchAll(pattern)].map((match) => ({ file, groups: match.slice(1) })));

/** As renderers make the anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\-_ ]/gu, '')
    .replaceAll(' ', '-');

describe('guides name only what there is', () => {
  it('files and headings that they lead to', () => {
    const broken = found(/\]\((?!https?:)([^)#]*)#?([^)]*)\)/g).filter(({ file, groups: [name = '', anchor] }) => {
      const target = name === '' ? file : path.join(path.dirname(file), name);
      if (!fs.existsSync(path.join(root, target))) return true;
      const headings = () => [...read(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
      return anchor && !headings().includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('each guide in their index', () => {
    const index = read('docs/guides/README.md');
    const missing = inFolder('docs/guides').filter((file) => !index.includes(`](${path.basename(file)})`));
    expect(missing).toEqual(['docs/guides/README.md']);
  });

  it('scripts of npm', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    const named = found(/npm run (?:-s )?([a-z:-]+)/g).map(({ groups: [script] }) => script);
    expect(named.filter((script) => !Object.keys(scripts).includes(script!))).toEqual([]);
  });

  it('settings', () => {
    const settings = [...read('.env.example').matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    // Of the launcher, of the tests and of OpenTelemetry’s exporters, words of HTTP/2 and of Envoy, and how variables of catalogue files begin.
    const others = [
      'DROP_HEADER',
      'TOLLGATE_HOME',
      'CHROMIUM_PATH',
      'ENHANCE_YOUR_CALM',
      'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
      'TOLLGATE_VAR_',
    ];
    // The codes of gRPC and GraphQL are written like settings.
    const named = found(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)
      .filter(({ file }) => !file.endsWith('/protocol-translation.md'))
      .map(({ groups: [name] }) => name!);
    expect(named.filter((name) => !settings.includes(name) && !others.includes(name))).toEqual([]);
  });

  it('routes of the API', () => {
    const { paths } = JSON.parse(read('apps/api/openapi.json')) as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([route, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        pattern: new RegExp(`^${route.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
      })),
    );
    const unknown = found(/\b(GET|POST|PUT|PATCH|DELETE) "?(\/api\/v1\/[^\s`"'?]+)/g).filter(
      ({ groups: [method, route] }) =>
        !routes.some((one) => one.method === method && one.pattern.test(route!.replaceAll(/\{\w+\}/g, 'ID'))),
    );
    expect(unknown).toEqual([]);
  });

  it('commands with options that they have', () => {
    // In lines of a shell, which are whole; a table or a sentence may cut one short.
    const unknown = found(/^(?:npm run (?:-s )?tollgate --|tollgate) ([^\n#|>&]*(?:\\\n[^\n#|>&]*)*)/gm).filter(
      ({ groups: [line = ''] }) => {
        const words = line.replaceAll(/(["']).*?\1/g, 'TEXT').split(/\s+/);
        const command = commands.find((one) => one.words.every((word, at) => word === words[at]));
        const options = words.filter((word) => /^--?[a-z]/.test(word));
        return !command || options.some((option) => !new RegExp(`(^|[^\\w-])${option}\\b`).test(command.options));
      },
    );
    expect(unknown).toEqual([]);
  });

  it('every command, in the guide of the command line', () => {
    const guide = read('docs/guides/command-line.md');
    const missing = commands
      .map(({ words }) => words)
      .filter((words) => !guide.includes(`\`${words.join(' ')}`) && !guide.includes(`\`${words.at(-1)}`));
    expect(missing).toEqual([]);
  });
});
