import fs from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** Every process that knows of `folder`, in its command line or in its settings, but this one. Linux only. */
export function processesOf(folder: string): RunningProcess[] {
  return fs.readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || pid === process.pid) return [];
    try {
      const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const settings = fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
      return command.includes(folder) || settings.includes(folder) ? [{ pid, command }] : [];
    } catch {
      return [];
    }
  });
}

/** Kills all of them at once, and those that they start meanwhile, until none is left. */
export function killProcessesOf(folder: string): void {
  for (let found = processesOf(folder); found.length > 0; found = processesOf(folder)) {
    for (const { pid } of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }
}
