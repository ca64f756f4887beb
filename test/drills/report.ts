import fs from 'node:fs';

/** Shows a line of the drill's table at once, and keeps it for whoever runs the drill. */
export function tell(...cells: readonly (string | number)[]): void {
  const line = `| ${cells.join(' | ')} |\n`;
  process.stdout.write(line);
  const file = process.env['DRILL_REPORT'];
  if (file !== undefined) fs.appendFileSync(file, line);
}

/** A whole number of the environment. */
export function figure(name: string, otherwise: number): number {
  return Number(process.env[name] ?? otherwise);
}
