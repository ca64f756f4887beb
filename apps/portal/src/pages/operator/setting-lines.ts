import type { SettingInForce } from '../../api/types.js';

/** One value of a setting, and who has it. */
export interface SettingLine {
  readonly words: string;
  /** Whether the words are the value itself. */
  readonly isValue: boolean;
  readonly isDefault: boolean;
  readonly who: string;
}

/** Which settings somebody wants to see. */
export interface SettingFilter {
  readonly text: string;
  readonly isChanged: boolean;
  readonly isDiffering: boolean;
}

/** The settings that fit, by group, in their order; groups of which none fits are left out. */
export function settingGroups(settings: readonly SettingInForce[], { text, isChanged, isDiffering }: SettingFilter) {
  const wanted = text.trim().toLowerCase();
  const fitting = settings.filter(
    ({ name, description, values, differs }) =>
      `${name} ${description}`.toLowerCase().includes(wanted) &&
      (!isChanged || values.some(({ isDefault }) => !isDefault)) &&
      (!isDiffering || differs),
  );
  const groups = new Map<string, SettingInForce[]>();
  for (const setting of fitting) groups.set(setting.group, [...(groups.get(setting.group) ?? []), setting]);
  return [...groups].map(([group, members]) => ({ group, settings: members }));
}

/** The values of a setting, each once: by the kinds of processes that have it, or by name where those of a kind differ. */
export function settingLines({ values, isSecret, isOwn, differs }: SettingInForce): SettingLine[] {
  const lines = new Map<string, { readonly line: Omit<SettingLine, 'who'>; readonly who: string[] }>();
  for (const { kind, value, isSet, isDefault, processes } of values) {
    const isWhole = !differs && !isOwn;
    const key = JSON.stringify([value, isSet, isDefault, isWhole ? '' : kind]);
    const words = value ?? (isSecret && isSet ? 'Set' : 'Not set');
    const known = lines.get(key) ?? {
      line: { words: words === '' ? 'Empty' : words, isValue: value !== null && value !== '', isDefault },
      who: [],
    };
    known.who.push(...(isWhole ? [kindWords[kind]] : processes));
    lines.set(key, known);
  }
  return [...lines.values()].map(({ line, who }) => ({ ...line, who: who.join(', ') }));
}

/** What people call the kinds of processes. */
export const kindWords = { gateway: 'gateway', worker: 'worker', api: 'control plane' } as const;
