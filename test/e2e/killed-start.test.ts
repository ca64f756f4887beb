import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Installation, launch, makeHome } from '../support/installation.js';
import { killProcessesOf, processesOf } from '../support/processes.js';
import { aRandom } from '../support/random.js';

/** What the launcher says on its way; each start is killed in one of them, or later. */
const STEPS = ['creating', 'starting the private Postgres', 'migrations done', 'starting the processes', 'signing up'];
const KILLS = 4;
/** Many whole starts, on a machine that may be busy. */
const TIMEOUT_MS = 900_000;

describe.skipIf(process.platform !== 'linux')('npm start, killed again and again before it was ready once', () => {
  const homes: string[] = [];
  const running: Installation[] = [];
  afterEach(async () => {
    for (const installation of running.splice(0)) await installation.stop();
    for (const home of homes.splice(0)) {
      killProcessesOf(home);
      fs.rmSync(home, { recursive: true, force: true });
    }
  });

  it.each([1, 2])('comes up whole, with the complete demo (seed %i)', { timeout: TIMEOUT_MS }, async (seed) => {
    const random = aRandom(seed);
    const home = makeHome();
    homes.push(home);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const step = STEPS[Math.floor(random.between(0, STEPS.length))]!;
      await killStart(home, {
        step,
        afterMs: random.between(0, 1_500),
        // Else what the launcher leaves ends by itself while the next one starts.
        withChildren: random.between(0, 1) < 0.6,
      });
    }
    const installation = await Installation.start({ home });
    running.push(installation);
    await expectCompleteDemo(installation);
    expect(await installation.stop()).toBe(0);
    expect(processesOf(home)).toEqual([]);
  });
});

/** Starts, and kills the launcher, maybe with all of its children, a while after it has said `step`, or that it is ready. */
async function killStart(
  home: string,
  { step, afterMs, withChildren }: { step: string; afterMs: number; withChildren: boolean },
): Promise<void> {
  const launcher = await launch(home);
  let remarks = '';
  await new Promise<void>((resolve, reject) => {
    launcher.stdout!.once('data', () => resolve());
    launcher.once('exit', () => reject(new Error(`npm start ended:\n${remarks}`)));
    launcher.stderr!.on('data', (chunk: Buffer) => {
      remarks += chunk.toString();
      if (remarks.includes(step)) resolve();
    });
  });
  await pause(afterMs);
  if (launcher.exitCode !== null) throw new Error(`npm start ended:\n${remarks}`);
  launcher.kill('SIGKILL');
  if (withChildren) killProcessesOf(home);
  const lastRemark = remarks.trim().split('\n').at(-1);
  console.log(
    `killed ${withChildren ? 'with its children ' : ''}${afterMs.toFixed(0)} ms after "${step}": ${lastRemark}`,
  );
}

/** The key that is printed opens, each of the four people has their organization and roles, and the ledger is proven. */
async function expectCompleteDemo(installation: Installation): Promise<void> {
  const { gatewayUrl, portalUrl, key, signIns } = installation.ready;
  const answer = await fetch(`${gatewayUrl}/atlas/v1/countries/NZ`, { headers: { 'x-api-key': key } });
  expect(answer.status).toBe(200);
  const people = [];
  for (const { email, password } of signIns) {
    const signedIn = await fetch(`${portalUrl}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: portalUrl },
      body: JSON.stringify({ email, password }),
    });
    const cookie = signedIn.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    const session = await fetch(`${portalUrl}/api/v1/session`, { headers: { cookie } });
    const { memberships, staffRoles, publisherTeams } = (await session.json()) as {
      memberships: { organization: { name: string }; role: string }[];
      staffRoles: string[];
      publisherTeams: { slug: string }[];
    };
    people.push({
      owns: memberships.map(({ organization, role }) => `${role} of ${organization.name}`),
      staffRoles: staffRoles.toSorted(),
      teams: publisherTeams.map(({ slug }) => slug),
    });
  }
  const person = (organization: string, staffRoles: readonly string[] = [], teams: readonly string[] = []) => ({
    owns: [`owner of ${organization}`],
    staffRoles,
    teams,
  });
  expect(people).toEqual([
    person('Wayfarer Travel'),
    person('Atlas Data', [], ['atlas']),
    person('Tollgate Finance', ['finance']),
    person('Tollgate Operations', ['admin', 'operator']),
  ]);
  // At first the call that was just made is in the gateway's journal only, and `verify` says so.
  const verified = await eventually(
    () => installation.tollgate('verify'),
    ({ code }) => code === 0,
    30_000,
  );
  expect(verified.stdout).toContain('Everything agrees.');
}
