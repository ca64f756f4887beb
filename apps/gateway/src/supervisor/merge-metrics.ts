/** The metrics of one process, in the text format of Prometheus. */
export interface ProcessMetrics {
  readonly gateway: string;
  readonly text: string;
}

interface Family {
  /** The lines HELP and TYPE. */
  readonly head: string[];
  readonly series: string[];
}

/** The metrics of several processes as one text: each series gets the label `gateway`, each family is described once. */
export function mergeMetrics(processes: readonly ProcessMetrics[]): string {
  const families = new Map<string, Family>();
  for (const { gateway, text } of processes) {
    let family: Family | null = null;
    let isKnown = false;
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const described = /^# (?:HELP|TYPE) (\S+)/.exec(line);
      if (described) {
        const name = described[1]!;
        if (line.startsWith('# HELP')) {
          isKnown = families.has(name);
          family = families.get(name) ?? { head: [], series: [] };
          families.set(name, family);
        }
        if (!isKnown) family?.head.push(line);
      } else if (!line.startsWith('#')) {
        family?.series.push(withLabel(line, gateway));
      }
    }
  }
  return [...families.values()].flatMap(({ head, series }) => [...head, ...series, '']).join('\n');
}

function withLabel(series: string, gateway: string): string {
  const brace = series.indexOf('{');
  const space = series.indexOf(' ');
  const label = `gateway="${gateway}"`;
  if (brace === -1 || brace > space) return `${series.slice(0, space)}{${label}}${series.slice(space)}`;
  const separator = series[brace + 1] === '}' ? '' : ',';
  return `${series.slice(0, brace + 1)}${label}${separator}${series.slice(brace + 1)}`;
}
