// Which ports and settings the processes of one `npm start` get.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';
import { isFree, nextFreePort } from './ports.mjs';

const DEFAULT_PORTS = {
  API_PORT: 4000,
  GATEWAY_PORT: 4080,
  GATEWAY_ADMIN_PORT: 4081,
  WORKER_ADMIN_PORT: 4082,
  SANDBOX_PORT: 4090,
  DEMO_API_PORT: 4070,
  MAIL_SMTP_PORT: 4025,
  MAIL_HTTP_PORT: 4026,
};

/** A port for each process: as the environment says (an error when it is taken), else the next free one. */
export async function choosePorts(environment) {
  const taken = new Set();
  const ports = {};
  for (const [name, wanted] of Object.entries(DEFAULT_PORTS)) {
    if (environment[name]) {
      const port = Number(environment[name]);
      if (!Number.isInteger(port) || port < 1 || port > 65535)
        throw new Error(`${name}=${environment[name]} is not a port: give a number from 1 to 65535.`);
      if (!(await isFree(port))) throw new Error(`Port ${port} is taken. Free it, or set ${name} to another one.`);
      ports[name] = port;
      taken.add(port);
    } else {
      ports[name] = await nextFreePort(wanted, taken);
    }
  }
  return ports;
}

/** The settings of all processes, by the names that libs/config knows; the environment wins over what is embedded. */
export function settingsFor({ environment, ports, secrets, home, database }) {
  const embedded = {
    DATABASE_URL: database.appUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    SMTP_URL: `smtp://127.0.0.1:${ports.MAIL_SMTP_PORT}`,
    MAIL_INBOX_URL: `http://127.0.0.1:${ports.MAIL_HTTP_PORT}`,
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_API_BASE: `http://127.0.0.1:${ports.SANDBOX_PORT}`,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    TIME_MACHINE: 'true',
    UPSTREAM_ALLOW_PRIVATE: 'true',
    WEBHOOK_ALLOW_PRIVATE: 'true',
  };
  if (environment.SMTP_URL) delete embedded.MAIL_INBOX_URL;
  if (environment.STRIPE_SECRET_KEY) {
    delete embedded.STRIPE_API_BASE;
    embedded.TIME_MACHINE = 'false';
  }
  const host = environment.HOST || '127.0.0.1';
  const shownHost = ['127.0.0.1', '0.0.0.0', '::'].includes(host) ? 'localhost' : host;
  const settings = {
    ...embedded,
    HOST: host,
    API_PORT: String(ports.API_PORT),
    GATEWAY_PORT: String(ports.GATEWAY_PORT),
    GATEWAY_ADMIN_PORT: String(ports.GATEWAY_ADMIN_PORT),
    WORKER_ADMIN_PORT: String(ports.WORKER_ADMIN_PORT),
    PORTAL_URL: `http://${shownHost}:${ports.API_PORT}`,
    GATEWAY_URL: `http://${shownHost}:${ports.GATEWAY_PORT}`,
    GATEWAY_ID: 'gateway-1',
    JOURNAL_DIR: path.join(home, 'journal'),
    USAGE_ARCHIVE_DIR: path.join(home, 'usage-archive'),
    AUTH_SECRET: secrets.authSecret,
    KEY_PEPPERS: secrets.keyPeppers,
    ENCRYPTION_KEYS: secrets.encryptionKeys,
    LOG_LEVEL: 'info',
  };
  for (const name of documentedSettings()) if (environment[name]) settings[name] = environment[name];
  return settings;
}

/** The settings that `.env.example` names: all that there are, which a test sees to, but the token of a person. */
function documentedSettings() {
  const text = fs.readFileSync(path.join(root, '.env.example'), 'utf8');
  const names = [...text.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  return names.filter((name) => name !== 'TOLLGATE_TOKEN');
}
