// CPU time as the operating system counts it: user and system time of processes, from /proc/<pid>/stat.
import fs from 'node:fs';

const ticksPerSecond = 100;

/** Microseconds that a process has used; with `children`, also those that it has waited for. 0 when it is gone. */
export function cpuUs(pid, { children = false } = {}) {
  const fields = statOf(pid);
  if (!fields) return 0;
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return ((user + system + (children ? childrenUser + childrenSystem : 0)) / ticksPerSecond) * 1e6;
}

/** The process and all that descend from it. */
export function familyOf(rootPid) {
  const childrenOf = new Map();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(name)?.[1]);
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), Number(name)]);
  }
  const family = [rootPid];
  for (const pid of family) family.push(...(childrenOf.get(pid) ?? []));
  return family;
}

/** All that these processes and their descendants have used so far. */
export function familyCpuUs(rootPids) {
  return rootPids.flatMap(familyOf).reduce((sum, pid) => sum + cpuUs(pid, { children: true }), 0);
}

/** The fields after the name, which is in parentheses and may hold blanks: state, parent, … */
function statOf(pid) {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}
