import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { freePort } from '../../scripts/launcher/ports.mjs';
import { drainQueue, prepareQueueDatabase } from './peers/nest-queue.mjs';
import { isInstalled, nginxArguments, writeConfiguration } from './processes.mjs';

const here = path.join(import.meta.dirname, 'peers');
const nginxModules = '/usr/lib/nginx/modules';

/** Every peer: whether it can run here, and how. `environment` of `start` has what all of them need. */
export const peers = [
  {
    name: 'nginx + Lua + Redis',
    isAvailable: () => isInstalled('nginx') && isInstalled('redis-server') && hasLua(),
    store: 'redis',
    start: ({ processes, cores, folder, keysFile, upstreamPort, redisPort }, port) => {
      const home = path.join(folder, 'nginx-lua');
      const file = writeConfiguration(path.join(here, 'nginx.conf'), path.join(home, 'nginx.conf'), {
        modules: nginxModules,
        folder: home,
        keys: keysFile,
        upstream_port: upstreamPort,
        redis_port: redisPort,
        port,
        here,
      });
      return processes.start('nginx-lua', 'nginx', nginxArguments(home, file), { cpu: cores.target });
    },
  },
  {
    name: 'HAProxy',
    isAvailable: () => isInstalled('haproxy'),
    start: ({ processes, cores, folder, keysFile, upstreamPort }, port) => {
      const file = writeConfiguration(path.join(here, 'haproxy.cfg'), path.join(folder, 'haproxy/haproxy.cfg'), {
        keys: keysFile,
        upstream_port: upstreamPort,
        port,
      });
      return processes.start('haproxy', 'haproxy', ['-f', file], { cpu: cores.target });
    },
  },
  {
    name: 'http-proxy',
    isAvailable: () => isPackageInstalled('http-proxy'),
    start: (all, port) => startNode('http-proxy', path.join(here, 'http-proxy.mjs'), all, port),
  },
  {
    name: 'http-proxy, keep-alive',
    isAvailable: () => isPackageInstalled('http-proxy'),
    start: (all, port) =>
      startNode('http-proxy-keep-alive', path.join(here, 'http-proxy.mjs'), all, port, { KEEP_ALIVE: '1' }),
  },
  {
    name: '@fastify/http-proxy',
    isAvailable: () => isPackageInstalled('@fastify/http-proxy'),
    start: (all, port) => startNode('fastify-http-proxy', path.join(here, 'fastify-http-proxy.mjs'), all, port),
  },
  {
    name: 'first Nest version',
    isAvailable: () => isPackageInstalled('http-proxy-middleware') && isInstalled('redis-server'),
    store: 'redis',
    start: (all, port) => startNode('first-nest', compile('first-nest'), all, port),
  },
  {
    name: 'Nest, TypeORM and BullMQ',
    isAvailable: () => isPackageInstalled('@nestjs/bullmq') && isInstalled('redis-server'),
    store: 'redis and postgres',
    prepare: async ({ postgres }) => ({ DATABASE_URL: await prepareQueueDatabase(postgres) }),
    start: (all, port, environment) => {
      compile('nest-queue-shared');
      return startNode('nest-queue', compile('nest-queue'), all, port, environment);
    },
    startWorker: (all, environment) => {
      const cores = { target: all.cores.load };
      return startNode('nest-queue-worker', compile('nest-queue-worker'), { ...all, cores }, 0, environment);
    },
    settled: ({ redisPort }) => drainQueue(redisPort),
  },
];

/** Installs the peers that are npm packages, by their own lock file, when they are not there yet. */
export function installPeers() {
  const lock = fs.readFileSync(path.join(here, 'package-lock.json'), 'utf8');
  const stamp = path.join(here, 'node_modules/.installed-lock');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === lock) return;
  const args = ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  const { status } = spawnSync('npm', args, { cwd: here, stdio: ['ignore', 2, 2] });
  if (status === 0) fs.writeFileSync(stamp, lock);
}

/** Starts the chosen peers (all for null) that can run here; the others are reported as not measured. */
export async function startPeers(all, chosen) {
  const running = [];
  const missing = [];
  for (const peer of peers) {
    if (chosen && !chosen.some((word) => peer.name.includes(word))) continue;
    if (!peer.isAvailable()) {
      missing.push(peer.name);
      continue;
    }
    const port = await freePort();
    const environment = (await peer.prepare?.(all)) ?? {};
    const child = peer.start(all, port, environment);
    running.push({
      name: peer.name,
      child,
      port,
      origin: `http://127.0.0.1:${port}`,
      store: peer.store ?? null,
      /** Starts what works after the calls, once the peer itself is ready. */
      startWorker: () => peer.startWorker?.(all, environment) ?? null,
      settled: async () => peer.settled?.(all),
    });
  }
  return { running, missing };
}

function startNode(name, script, { processes, cores, keysFile, upstreamPort, redisPort }, port, environment = {}) {
  return processes.start(name, process.execPath, [script], {
    cpu: cores.target,
    environment: {
      PORT: String(port),
      UPSTREAM: `http://127.0.0.1:${upstreamPort}`,
      KEYS: keysFile,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      NODE_ENV: 'production',
      ...environment,
    },
  });
}

/** Node strips types but knows no decorators. */
function compile(name) {
  const source = fs.readFileSync(path.join(here, `${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  const file = path.join(here, `dist/${name}.mjs`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, outputText.replace("'./read-keys.mjs'", "'../read-keys.mjs'"));
  return file;
}

function isPackageInstalled(name) {
  return fs.existsSync(path.join(here, 'node_modules', name));
}

function hasLua() {
  return fs.existsSync(path.join(nginxModules, 'ngx_http_lua_module.so'));
}
