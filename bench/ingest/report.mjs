import fs from 'node:fs';
import path from 'node:path';
import { goals } from './plan.mjs';

/** Prints the table and writes everything measured to `ingest-<mode>.json` in the folder. */
export function report({ mode, machine, rows }, folder) {
  const lines = [
    '| | events/s | CPU µs an event | of it in the stores |',
    '| --- | --: | --: | --: |',
    ...rows.map(
      (row) =>
        `| ${row.title} | ${Math.round(row.eventsPerSecond)} | ${row.cpuUs.toFixed(1)} | ${row.storeUs.toFixed(1)} |`,
    ),
    '',
    '| goal | reached | measured |',
    '| --- | --- | --- |',
    ...goals.flatMap(({ title, least }) => {
      const row = rows.find((one) => one.title === title);
      if (!row) return [];
      const measured = Math.round(row.eventsPerSecond);
      return [`| ${title}: ≥ ${least} events/s | ${measured >= least ? 'yes' : 'no'} | ${measured} |`];
    }),
  ];
  writeReport(lines, { name: `ingest-${mode}`, mode, machine, rows }, folder);
}

/** Prints the lines and the machine, and writes all that was measured to `<name>.json` in the folder. */
export function writeReport(lines, { name, machine, ...measured }, folder) {
  const where = `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`;
  process.stdout.write(`\n${lines.join('\n')}\n\n${where}\n`);
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  fs.writeFileSync(file, `${JSON.stringify({ machine, ...measured }, null, 2)}\n`);
  process.stderr.write(`  ${file}\n`);
}
