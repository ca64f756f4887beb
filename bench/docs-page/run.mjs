// `npm run bench:docs-page`: how soon a browser shows the documentation of a document of one megabyte and of one of three, and
// how soon it can be used; and how soon there is something to read on the pages where people come in, at a desk and on a phone.
// `CHROMIUM_PATH` names the browser. Exit 1 when a goal is missed.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureBuilt } from '../../scripts/launcher/build.mjs';
import { root } from '../../scripts/launcher/install.mjs';
import { nextFreePort } from '../../scripts/launcher/ports.mjs';
import { median } from '../gateway/measure.mjs';
import { say } from '../stage.mjs';
import { documentOf } from './document.mjs';
import { firstPaints } from './first-paints.mjs';

const documents = [
  { slug: 'big', things: 450, goalsMs: { paint: 1_500, interactive: 3_000 } },
  { slug: 'bigger', things: 1_365, goalsMs: { paint: 1_500, interactive: 5_000 } },
];
/** What web.dev calls good. */
const paintGoalMs = 1_800;
const visits = 5;
const PORTS = 'API GATEWAY GATEWAY_ADMIN WORKER_ADMIN SANDBOX DEMO_API MAIL_SMTP MAIL_HTTP'.split(' ');

await ensureBuilt((step) => say(`${step} …`));
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'tollgate-bench-'));
fs.chmodSync(home, 0o755);
const { launcher, ready } = await start();
let browser;
try {
  apply();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const measured = documents.map(() => []);
  // One of each in turn, so that what else the machine does falls on all of them.
  for (let visit = 0; visit < visits; visit++) {
    for (const [index, { slug }] of documents.entries()) measured[index].push(await measure(slug));
  }
  const reached = documents.map((document, index) => isReached(document, measured[index]));
  for (const { page, ms } of await firstPaints(browser, ready, visits))
    reached.push(isWithin(`${page}, first contentful paint`, ms, paintGoalMs));
  process.exitCode = reached.every(Boolean) ? 0 : 1;
} finally {
  await browser?.close();
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  launcher.kill('SIGTERM');
  await ended;
  fs.rmSync(home, { recursive: true, force: true });
}

async function start() {
  const ports = {};
  let next = 24_000;
  for (const name of PORTS) {
    const port = await nextFreePort(next);
    ports[`${name}_PORT`] = String(port);
    next = port + 1;
  }
  say('starting Tollgate …');
  const child = spawn(process.execPath, [path.join(root, 'scripts/launcher/main.mjs'), '--json'], {
    env: { ...process.env, ...ports, TOLLGATE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('\n')) resolve(output);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with code ${code}`)));
  });
  return { launcher: child, ready: JSON.parse(line) };
}

function apply() {
  for (const { slug, things } of documents) {
    const document = documentOf(things);
    say(`${slug}: ${(document.length / 1e6).toFixed(2)} MB …`);
    fs.writeFileSync(path.join(home, `${slug}.json`), document);
  }
  const apis = documents.map(({ slug }) => ({
    slug,
    title: slug,
    publisher: 'big',
    versions: [
      { name: 'v1', document: `${slug}.json`, basePath: `/${slug}/v1`, upstream: { url: 'http://127.0.0.1:9' } },
    ],
  }));
  const catalog = { tollgate: 1, publishers: [{ slug: 'big', name: 'Big' }], apis, products: [] };
  fs.writeFileSync(path.join(home, 'big.catalog.json'), JSON.stringify(catalog));
  const { settings } = JSON.parse(fs.readFileSync(path.join(home, 'run.json'), 'utf8'));
  const words = ['apply', '-f', path.join(home, 'big.catalog.json'), '--quiet'];
  execFileSync(process.execPath, [path.join(root, 'dist/apps/cli/src/main.js'), ...words], {
    env: { ...process.env, ...settings },
    stdio: 'inherit',
  });
}

/**
 * Paint and interactive from the start of the navigation, with an empty cache. Interactive: drawn, and the main thread free to
 * take an input. The processor time of that thread until then depends least on what else the machine does.
 */
async function measure(slug) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`${ready.portalUrl}/docs/${slug}/v1`, { waitUntil: 'commit' });
  await page.locator('#reference .menu-content').waitFor();
  const interactiveMs = await page.evaluate(
    () => new Promise((resolve) => globalThis.requestIdleCallback(() => resolve(Math.round(performance.now())))),
  );
  const { metrics } = await session.send('Performance.getMetrics');
  const busyMs = Math.round(metrics.find(({ name }) => name === 'TaskDuration').value * 1_000);
  const paintMs = await page.evaluate(() =>
    Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime),
  );
  await context.close();
  return { paintMs, interactiveMs, busyMs };
}

/** Says each figure of a document's visits, and tells whether all goals are reached. */
function isReached({ slug, goalsMs }, visitsOfIt) {
  const figures = { paint: 'first contentful paint', interactive: 'interactive', busy: 'of it busy' };
  return Object.entries(figures)
    .map(([name, words]) => {
      const ms = visitsOfIt.map((one) => one[`${name}Ms`]);
      return isWithin(`${slug}, ${words}`, ms, goalsMs[name]);
    })
    .every(Boolean);
}

/** Says the figure of some visits, and tells whether it is within its goal, if it has one. */
function isWithin(what, ms, goalMs = Infinity) {
  const aim = goalMs < Infinity ? `; goal ${goalMs}` : '';
  say(`${what}: ${median(ms)} ms (${Math.min(...ms)} to ${Math.max(...ms)}${aim})`);
  return median(ms) < goalMs;
}
