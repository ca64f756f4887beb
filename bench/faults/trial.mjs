import os from 'node:os';
import { weigh } from './equation.mjs';
import { Installation } from './installation.mjs';
import { pause } from './pause.mjs';
import { seeded } from './random.mjs';

const warmUpMs = 2_000;

/** As `tryOut`; what breaks on the way is a figure that is missed, and the others go on. */
export async function runTrial(trial, ground) {
  try {
    return await tryOut(trial, ground);
  } catch (error) {
    const { fault, queue, seed } = trial;
    await ground.current()?.abandon();
    const nothing = { delivered: 0, billed: 0, ambiguous: 0, lost: 0, double: 0, phantom: 0, failed: 0 };
    const { id, title, figure } = fault;
    const measured = error.message.split('\n')[0];
    return {
      fault: id,
      title,
      queue,
      seed,
      ...nothing,
      figure,
      measured,
      reached: false,
      error: error.stack,
      loadAverage: loadNow(),
    };
  }
}

/** Lets one fault happen to an installation of its own and says what became of every call. */
async function tryOut({ fault, queue, seed }, { name, isQuick, equationOnly, onStart, ...ground }) {
  const { gateways, workers, withSmallQuota, isCut, hasPayments, hasLoad = true } = fault;
  const { upstream, postgres, processes } = ground;
  upstream.served.clear();
  const installation = await Installation.start(name, { ...ground, queue, gateways, workers, isCut, hasPayments });
  onStart(installation);
  const loadBefore = loadNow();
  const load = hasLoad ? await installation.startLoad({ withSmallQuota, isQuick }) : null;
  if (load) await pause(warmUpMs);
  const outcome = await fault.run({ installation, postgres, processes, load, random: seeded(seed), isQuick });
  await load?.stop();
  const settledMs = await installation.settled();
  const calls = load?.calls ?? outcome.calls;
  const { quarantined, ...ledger } = await installation.ledger();
  const weighed = weigh({ calls, served: upstream.served, ...ledger });
  const jobs = fault.findsStuckJobs ? await installation.stuckJobs() : {};
  const failed = calls.filter(isFailed).length;
  const judged = fault.judge({ outcome, calls, load, failed, weighed, settledMs, jobs, isQuick });
  const verified = await installation.verify();
  await installation.stop();
  onStart(null);
  const firstAt = calls[0]?.dueAt ?? 0;
  const failures = calls
    .filter(isFailed)
    .slice(0, 500)
    .map((call) => ({ ...call, dueAt: Math.round(call.dueAt - firstAt), doneAt: Math.round(call.doneAt - firstAt) }));
  return {
    fault: fault.id,
    title: fault.title,
    queue,
    seed,
    calls: calls.length,
    ...weighed,
    failed,
    figure: fault.figure,
    measured: judged.measured,
    reached:
      (judged.reached || equationOnly) &&
      (judged.holds ?? true) &&
      weighed.holds &&
      settledMs !== null &&
      quarantined === 0 &&
      verified.code === 0,
    settledMs,
    quarantined,
    verifyExitCode: verified.code,
    verifyOutput: verified.code === 0 ? undefined : `${verified.stdout}${verified.stderr}`,
    jobs,
    mostMegabytes: outcome?.mostMegabytes,
    loadAverage: Math.max(loadBefore, loadNow()),
    failures: failuresOf(calls),
    failedCalls: failures,
  };
}

/** A call that got no answer, or one that it should not have got. A quota that runs out is none. */
function isFailed({ outcome, code, key, isWarmUp }) {
  return !isWarmUp && outcome !== 'delivered' && !(key === 'small-quota' && code === 'quota_exceeded');
}

/** How many calls ended in which way, of those that failed. */
function failuresOf(calls) {
  const counts = {};
  for (const call of calls.filter(isFailed)) {
    const way = [call.outcome, call.status, call.code, call.error].filter(Boolean).join(' ');
    counts[way] = (counts[way] ?? 0) + 1;
  }
  return counts;
}

function loadNow() {
  return Math.round(os.loadavg()[0] * 10) / 10;
}
