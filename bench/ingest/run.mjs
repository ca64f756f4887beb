// `npm run bench:ingest`: how many usage events a second one worker brings into the ledger, and what an event costs.
import { Stage, option } from '../stage.mjs';

await Stage.run(async (stage) => {
  // Only now is it built what these measure.
  const { measureAll } = await import('./measure-all.mjs');
  await measureAll(stage, {
    mode: process.argv.includes('--full') ? 'full' : 'quick',
    profileFolder: option('profile') ?? null,
    chosen: option('only') ?? null,
  });
});
