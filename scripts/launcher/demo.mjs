// The demo: an API to put behind the gateway, people to sign in as, and a key to call with. Made by the real parts:
// the catalogue by `tollgate apply`, the people by signing up and following the link in their mail.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { writePrivately } from './home.mjs';
import { root } from './install.mjs';

const PASSWORD = 'tollgate-demo';
/** A busy machine needs more than a moment to send one. */
const MAIL_MS = 60_000;
const PEOPLE = [
  { role: 'consumer', name: 'Casey Consumer', email: 'consumer@demo.example', organizationName: 'Wayfarer Travel' },
  {
    role: 'publisher',
    name: 'Parker Publisher',
    email: 'publisher@demo.example',
    organizationName: 'Atlas Data',
    grants: [['--team', 'atlas']],
  },
  {
    role: 'finance',
    name: 'Frankie Finance',
    email: 'finance@demo.example',
    organizationName: 'Tollgate Finance',
    grants: [['--role', 'finance']],
  },
  {
    role: 'operator',
    name: 'Olly Operator',
    email: 'operator@demo.example',
    organizationName: 'Tollgate Operations',
    grants: [
      ['--role', 'operator'],
      ['--role', 'admin'],
    ],
  },
];

/**
 * Seeds what is missing and returns the sign-ins and a key; `demo.json` remembers them between starts, also when one was broken off
 * before all of it was made.
 */
export async function seedDemo({ home, settings, demoApiUrl, report }) {
  const file = path.join(home, 'demo.json');
  const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { signIns: [] };
  const demoCatalog = path.join(root, 'apps/demo-api/tollgate.yaml');
  // The demo API's port may differ from the last start's, so its upstream is applied each time.
  await tollgate(['apply', '-f', demoCatalog, '--set', `demoApiUrl=${demoApiUrl}`, '--quiet'], settings);
  if (known.key) return known;

  const signedUp = new Set(known.signIns.map(({ email }) => email));
  if (settings.MAIL_INBOX_URL) {
    report('signing up the demo people');
    const others = PEOPLE.filter(({ email }) => !signedUp.has(email)).map(async (person) => {
      await signUp(person, settings);
      for (const grant of person.grants ?? [])
        await tollgate(['staff', 'grant', '--email', person.email, ...grant], settings);
      signedUp.add(person.email);
      writePrivately(file, { signIns: signInsOf(signedUp) });
    });
    // All at once, as each waits for a mail; none is left half way because another has failed.
    const failed = (await Promise.allSettled(others)).find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  }
  const signIns = signInsOf(signedUp);
  const owner = signIns.length > 0 ? ['--organization', PEOPLE[0].organizationName] : [];
  const key = JSON.parse(
    await tollgate(['keys', 'create', ...owner, '--application', 'demo', '--plan', 'atlas/free', '--json'], settings),
  );
  const demo = { signIns, key: key.key };
  writePrivately(file, demo);
  return demo;
}

/** In the order in which they are shown. */
function signInsOf(emails) {
  return PEOPLE.filter(({ email }) => emails.has(email)).map(({ role, email }) => ({
    role,
    email,
    password: PASSWORD,
  }));
}

/** Nothing where a start before this one has come so far; who has signed up but not verified their address gets the mail again. */
async function signUp({ name, email, organizationName }, settings) {
  if (await canSignIn(email, settings)) return;
  const answer = await fetch(`${settings.PORTAL_URL}/api/v1/sign-up`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: settings.PORTAL_URL },
    // Left out where the portal has no terms.
    body: JSON.stringify({ name, email, password: PASSWORD, organizationName, acceptedTerms: settings.TERMS_VERSION }),
  });
  if (!answer.ok) throw new Error(`Signing up ${email} failed: ${answer.status} ${await answer.text()}`);
  const link = await verificationLink(email, settings);
  if (link === null) throw new Error(`No verification mail for ${email} arrived.`);
  const verified = await fetch(link, { redirect: 'manual' });
  if (verified.status >= 400) throw new Error(`Verifying ${email} failed: ${verified.status}`);
}

/** Null when no mail with one has come. */
async function verificationLink(email, settings) {
  const deadline = performance.now() + MAIL_MS;
  while (performance.now() < deadline) {
    const { messages } = await (await fetch(`${settings.MAIL_INBOX_URL}/messages`)).json();
    const mail = messages.find((message) => JSON.stringify(message.to).includes(email));
    const link = mail?.links.find((url) => url.includes('verify-email'));
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

async function canSignIn(email, settings) {
  const answer = await fetch(`${settings.PORTAL_URL}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: settings.PORTAL_URL },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  return answer.ok;
}

function tollgate(args, settings) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'dist/run/cli.js'), ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let faults = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (faults += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`tollgate ${args.slice(0, 2).join(' ')} failed:\n${faults || output}`)),
    );
  });
}
