// House rules that no published rule covers: who may import whom, and where time, chance and settings come from.
import path from 'node:path';

/** The linter runs at the root of the checkout. */
const root = process.cwd();

/** What each part may import of the libraries; see docs/architecture.md. */
const LAYERS = {
  'libs/domain': [],
  'libs/config': [],
  'libs/faults': [],
  'libs/observability': [],
  'libs/mail': [],
  'libs/openapi': ['domain'],
  'libs/translation': ['domain'],
  'libs/outbound': ['domain'],
  'libs/archive': ['faults'],
  'libs/journal': ['domain', 'faults'],
  'libs/queues': ['domain'],
  'libs/persistence': ['domain'],
  'libs/limits': ['domain', 'persistence'],
  'libs/stripe': ['domain'],
  'libs/services': [
    'domain',
    'persistence',
    'limits',
    'queues',
    'journal',
    'archive',
    'openapi',
    'translation',
    'faults',
  ],
  'apps/gateway/src/snapshot': [
    'domain',
    'limits',
    'queues',
    'journal',
    'openapi',
    'outbound',
    'config',
    'observability',
    'persistence',
  ],
  'apps/gateway': [
    'domain',
    'limits',
    'queues',
    'journal',
    'openapi',
    'translation',
    'outbound',
    'config',
    'observability',
    'faults',
  ],
  'apps/worker': [
    'domain',
    'services',
    'persistence',
    'queues',
    'archive',
    'outbound',
    'stripe',
    'mail',
    'config',
    'observability',
    'faults',
  ],
  'apps/api': [
    'domain',
    'services',
    'persistence',
    'queues',
    'archive',
    'openapi',
    'outbound',
    'stripe',
    'mail',
    'config',
    'observability',
  ],
  'apps/cli': [
    'domain',
    'services',
    'persistence',
    'queues',
    'journal',
    'archive',
    'openapi',
    'stripe',
    'mail',
    'config',
    'observability',
  ],
  'apps/stripe-sandbox': [],
  'apps/demo-api': [],
  'apps/mail-inbox': [],
};

/** Packages that only one part may know. */
const PACKAGES = {
  stripe: ['libs/stripe'],
  pg: ['libs/persistence', 'libs/queues', 'apps/api/src/auth', 'apps/gateway/src/snapshot'],
  typeorm: ['libs/persistence', 'migrations'],
  bullmq: ['libs/queues'],
  nodemailer: ['libs/mail'],
  '@clickhouse/client': ['libs/archive'],
  redis: ['libs/limits'],
  '@bufbuild/protobuf': ['libs/translation', 'apps/api/src/telemetry'],
};
const DOMAIN_PACKAGES = ['big.js', 'node:crypto', 'node:zlib'];

const CLOCKS = [
  'libs/persistence/src/clock/system-clock.ts',
  'apps/stripe-sandbox/src/clock.ts',
  'apps/demo-api/src',
  'apps/mail-inbox/src',
];
const SETTINGS = ['libs/config/src'];

function placeOf(context) {
  return path
    .relative(root, context.filename ?? context.getFilename())
    .split(path.sep)
    .join('/');
}

const isIn = (place, folders) => folders.some((folder) => place === folder || place.startsWith(`${folder}/`));
const isTest = (place) => place.endsWith('.test.ts') || place.startsWith('test/') || place.startsWith('bench/');

function layerFault(place, specifier) {
  const layer = Object.keys(LAYERS).find((folder) => isIn(place, [folder]));
  if (!layer) return null;
  if (specifier.startsWith('#')) {
    const lib = specifier.slice(1);
    if (layer === `libs/${lib}`) return `import this library's own files by their path, not by ${specifier}`;
    return LAYERS[layer].includes(lib) ? null : `${layer} may not import ${specifier}`;
  }
  if (specifier.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(place), specifier));
    const part = layer.split('/').slice(0, 2).join('/');
    return target.startsWith(`${part}/`) || target.startsWith('migrations/')
      ? null
      : `${layer} may not reach into ${target}; use the library's public face`;
  }
  if (layer === 'libs/domain' && !DOMAIN_PACKAGES.includes(specifier))
    return `libs/domain is pure: ${specifier} is not for it`;
  if (layer === 'apps/gateway' && specifier.startsWith('@nestjs/') && !/^apps\/gateway\/src\/[^/]+\.ts$/.test(place)) {
    return 'only main, module and server of the gateway know Nest';
  }
  const owner = Object.keys(PACKAGES).find((name) => specifier === name || specifier.startsWith(`${name}/`));
  return owner && !isIn(place, PACKAGES[owner]) ? `${specifier} is only for ${PACKAGES[owner].join(', ')}` : null;
}

const layers = {
  create(context) {
    const place = placeOf(context);
    if (isTest(place)) return {};
    const check = (node) => {
      const fault = typeof node.source?.value === 'string' ? layerFault(place, node.source.value) : null;
      if (fault) context.report({ node: node.source, message: fault });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

const isMember = (node, object, property) =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === object &&
  node.property.name === property;

const clock = {
  create(context) {
    const place = placeOf(context);
    if (isTest(place) || isIn(place, CLOCKS) || isIn(place, ['apps/portal', 'scripts'])) return {};
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0)
          context.report({ node, message: 'ask a Clock for the time' });
      },
      CallExpression(node) {
        if (isMember(node.callee, 'Date', 'now')) context.report({ node, message: 'ask a Clock for the time' });
        if (isMember(node.callee, 'Math', 'random'))
          context.report({ node, message: 'take randomness as an argument' });
      },
      TemplateElement(node) {
        if (/\bnow\(\)/i.test(node.value.raw))
          context.report({ node, message: 'pass the Clock’s time to SQL instead of now()' });
      },
      Literal(node) {
        if (typeof node.value === 'string' && /\bnow\(\)/i.test(node.value))
          context.report({ node, message: 'pass the Clock’s time to SQL instead of now()' });
      },
    };
  },
};

const settings = {
  create(context) {
    const place = placeOf(context);
    if (isTest(place) || isIn(place, SETTINGS) || isIn(place, ['apps/portal', 'scripts'])) return {};
    return {
      MemberExpression(node) {
        if (isMember(node, 'process', 'env')) context.report({ node, message: 'settings come from #config' });
      },
    };
  },
};

export default { meta: { name: 'tollgate' }, rules: { layers, clock, settings } };
