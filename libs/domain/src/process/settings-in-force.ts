/** The kinds of processes that say with which settings they run. */
export const PROCESS_KINDS = ['gateway', 'worker', 'api'] as const;
export type ProcessKind = (typeof PROCESS_KINDS)[number];

/** A setting as a process has it; of secrets the value is null. */
export interface ReportedSetting {
  readonly name: string;
  readonly value: string | null;
  readonly isSet: boolean;
  readonly isDefault: boolean;
}

/** What there is to know of a setting, whoever reads it. */
export interface DescribedSetting {
  readonly name: string;
  readonly group: string;
  readonly description: string;
  readonly isSecret: boolean;
  /** Each process has one of its own, so that it says nothing when two of a kind differ in it. */
  readonly isOwn: boolean;
}

/** A process and the settings that it runs with; null when what it said cannot be read. */
export interface ReportingProcess {
  readonly kind: ProcessKind;
  readonly name: string;
  readonly settings: readonly ReportedSetting[] | null;
}

/** What processes of one kind have of a setting. */
export interface SettingValue {
  readonly kind: ProcessKind;
  readonly value: string | null;
  readonly isSet: boolean;
  readonly isDefault: boolean;
  /** Who has it, by name. */
  readonly processes: readonly string[];
}

/** A setting, and what the processes that read it have. */
export interface SettingInForce extends DescribedSetting {
  readonly values: readonly SettingValue[];
  /** Processes of one kind have more than one value, though they should have the same. */
  readonly differs: boolean;
}

/** Under which settings stand that this version does not know: processes of another version have said them. */
const OTHER_GROUP = 'Of another version';

/**
 * The settings that processes run with, in the order in which they are described; settings that nobody described come last, by name
 * and without their values, as nobody here knows whether they are secret. A setting that no process reads is left out. Of
 * secrets no value is given, whatever the processes have said.
 */
export function settingsInForce(
  processes: readonly ReportingProcess[],
  described: readonly DescribedSetting[],
): SettingInForce[] {
  const values = new Map<string, Map<string, SettingValue & { readonly processes: string[] }>>();
  const known = new Map(described.map((setting) => [setting.name, setting]));
  for (const { kind, name: process, settings } of processes) {
    for (const { name, value: reported, isSet, isDefault } of settings ?? []) {
      const value = known.get(name)?.isSecret === false ? reported : null;
      const key = JSON.stringify([kind, value, isSet, isDefault]);
      const ofName = values.get(name) ?? new Map<string, SettingValue & { readonly processes: string[] }>();
      const entry = ofName.get(key) ?? { kind, value, isSet, isDefault, processes: [] };
      entry.processes.push(process);
      values.set(name, ofName.set(key, entry));
    }
  }
  const unknown = [...values.keys()].filter((name) => !known.has(name)).toSorted();
  return [...described, ...unknown.map(undescribed)].flatMap((setting) => {
    const found = [...(values.get(setting.name)?.values() ?? [])];
    if (found.length === 0) return [];
    return [
      { ...setting, values: found, differs: !setting.isOwn && PROCESS_KINDS.some((kind) => differIn(found, kind)) },
    ];
  });
}

/** Whoever set what would be the default anyway has the same as who did not. */
function differIn(values: readonly SettingValue[], kind: ProcessKind): boolean {
  const ofKind = values.filter((value) => value.kind === kind);
  return new Set(ofKind.map(({ value, isSet }) => value ?? isSet)).size > 1;
}

function undescribed(name: string): DescribedSetting {
  return { name, group: OTHER_GROUP, description: '', isSecret: true, isOwn: false };
}
