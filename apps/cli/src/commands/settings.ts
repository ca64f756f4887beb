import { describeVariables } from '#config';
import type { SettingInForce } from '#domain';
import { type InstallationSettings, readSettings } from '#services';
import { parseOptions } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate settings`: with which settings the processes run, and where processes of one kind differ. */
export async function settings(words: readonly string[]): Promise<number> {
  const { find, changed, differ, json } = parseOptions(words, {
    find: { type: 'string', default: '' },
    changed: { type: 'boolean', default: false },
    differ: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const wanted = find.trim().toLowerCase();
  const found = await withSession(({ context }) => readSettings(context, describeVariables()));
  const chosen = found.settings.filter(
    ({ name, description, values, differs }) =>
      `${name} ${description}`.toLowerCase().includes(wanted) &&
      (!changed || values.some(({ isDefault }) => !isDefault)) &&
      (!differ || differs),
  );
  if (json) await printJson({ ...found, settings: chosen });
  else await print(describe({ ...found, settings: chosen }));
  return EXIT.ok;
}

function describe({ processes, missing, settings: chosen }: InstallationSettings): string {
  const lines = [
    ...processes.map(({ kind, name, isSilent, hasSettings, ...process }) =>
      [
        kind,
        name,
        isSilent ? `silent since ${process.heartbeatAt.toISOString()}` : hasSettings ? 'running' : 'unreadable',
        `started ${process.startedAt.toISOString()}`,
        `on ${process.hostName}`,
        process.softwareVersion,
        `Node.js ${process.nodeVersion}`,
      ].join('  '),
    ),
    ...missing.map(({ kind, name }) => `${kind}  ${name ?? 'none'}  missing: it does not say its settings`),
  ];
  let group = '';
  for (const setting of chosen) {
    if (setting.group !== group) lines.push('', setting.group);
    group = setting.group;
    lines.push(...linesOf(setting));
  }
  if (chosen.length === 0) lines.push('', 'no settings');
  return `${lines.join('\n')}\n`;
}

function linesOf({ name, values, isSecret, differs }: SettingInForce): string[] {
  return values.map(({ kind, value, isSet, isDefault, processes }) => {
    const words = value ?? (isSecret && isSet ? '(set)' : '(not set)');
    const facts = [`  ${name}=${words}`, `${kind} ${processes.join(', ')}`];
    const isOther = differs && values.some((other) => other.kind === kind && other.processes !== processes);
    return [...facts, ...(isDefault && isSet ? ['default'] : []), ...(isOther ? ['DIFFERS'] : [])].join('  ');
  });
}
