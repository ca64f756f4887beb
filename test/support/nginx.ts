import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const program = ['/usr/sbin/nginx', '/usr/local/bin/nginx', '/opt/homebrew/bin/nginx'].find((file) => existsSync(file));

/** False on a machine without nginx: then its tests are skipped, visibly. */
export const hasNginx = program !== undefined;

/** For the names of tests that need nginx. */
export const HOW_TO_GET_NGINX = 'needs nginx: apt-get install nginx, or brew install nginx';

export interface TestNginx {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

export interface NginxAddresses {
  readonly api: string;
  readonly decisions: string;
  readonly syslog: string;
  readonly secret: string;
}

/** A real nginx with the configuration that the guide shows, at other addresses than it says. */
export async function startNginx({ api, decisions, syslog, secret }: NginxAddresses): Promise<TestNginx> {
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tollgate-nginx-'));
  mkdirSync(path.join(folder, 'temp'));
  const shown = configurationOfGuide();
  const http = [
    ['server 127.0.0.1:8000;', `server ${api};`],
    ['server 127.0.0.1:4083;', `server ${decisions};`],
    ['server=127.0.0.1:4084,', `server=${syslog},`],
    ['listen 8080;', `listen 127.0.0.1:${port};`],
    ['a-secret-of-yours', secret],
  ].reduce((text, [from, to]) => {
    if (!text.includes(from!)) throw new Error(`the configuration of docs/guides/mesh.md does not say "${from}"`);
    return text.replaceAll(from!, to!);
  }, shown);
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path temp/${name};`);
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; master_process off; worker_processes 1; pid nginx.pid; error_log stderr warn;
    events { worker_connections 128; }
    http { access_log off; ${places.join(' ')} ${http} }\n`,
  );
  const child = spawn(program!, ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  await listens(port, child, errors);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configurationOfGuide(): string {
  const guide = readFileSync(new URL('../../docs/guides/mesh.md', import.meta.url), 'utf8');
  const [, configuration] = /```nginx\n([\s\S]*?)```/.exec(guide)!;
  return configuration!;
}

async function listens(port: number, child: ChildProcess, errors: readonly string[]): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx does not start: ${errors.join('')}`);
    const socket = net.connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
