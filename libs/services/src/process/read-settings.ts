import {
  type DescribedSetting,
  PROCESS_KINDS,
  type ProcessKind,
  type ReportedSetting,
  type SettingInForce,
  settingsInForce,
} from '#domain';
import { type ProcessRow, listGatewayStandings, listProcesses, listWorkers } from '#persistence';
import { z } from 'zod';
import type { ServiceContext } from '../context.js';
import { SILENT_AFTER_MS } from '../operation/findings.js';

/** Whoever runs more begins with those that were heard of last. */
const MOST_PROCESSES = 200;

const reportedSettings: z.ZodType<readonly ReportedSetting[]> = z
  .array(
    z.object({
      name: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
      value: z.string().max(500).nullable(),
      isSet: z.boolean(),
      isDefault: z.boolean(),
    }),
  )
  .max(200);

/** A process that says with which settings it runs. */
export interface KnownProcess extends Omit<ProcessRow, 'settings'> {
  readonly isSilent: boolean;
  /** False when what it said cannot be read. */
  readonly hasSettings: boolean;
}

/** A process that should say with which settings it runs, and does not. */
export interface MissingProcess {
  readonly kind: ProcessKind;
  /** Null when there is none of the kind at all. */
  readonly name: string | null;
}

export interface InstallationSettings {
  readonly processes: readonly KnownProcess[];
  readonly missing: readonly MissingProcess[];
  readonly settings: readonly SettingInForce[];
}

/**
 * With which settings the processes run, and which of them do not say it; for operators. What a silent process said counts until it
 * is forgotten, a day later. Of 200 processes at most, those that were heard of last.
 */
export function readSettings(
  context: ServiceContext,
  described: readonly DescribedSetting[],
): Promise<InstallationSettings> {
  const nowMs = context.clock.nowMs();
  return context.unitOfWork.inSystem(async (transaction) => {
    const rows = await listProcesses(transaction, MOST_PROCESSES);
    const reporting = rows.map((row) => ({ ...row, settings: reportedSettings.safeParse(row.settings).data ?? null }));
    const running = [
      ...(await listGatewayStandings(transaction)).flatMap(({ id, isRunning }) =>
        isRunning ? [{ kind: 'gateway', name: id } as const] : [],
      ),
      ...(await listWorkers(transaction)).map(({ id }) => ({ kind: 'worker', name: id }) as const),
    ];
    return {
      processes: reporting.map(({ settings, ...row }) => ({
        ...row,
        isSilent: nowMs - row.heartbeatAt.getTime() > SILENT_AFTER_MS,
        hasSettings: settings !== null,
      })),
      missing: missingOf(rows, running),
      settings: settingsInForce(reporting, described),
    };
  });
}

function missingOf(
  rows: readonly Pick<ProcessRow, 'kind' | 'name'>[],
  running: readonly { readonly kind: ProcessKind; readonly name: string }[],
): MissingProcess[] {
  const isKnown = ({ kind, name }: { readonly kind: ProcessKind; readonly name: string }) =>
    rows.some((row) => row.kind === kind && row.name === name);
  const silent = rows.length < MOST_PROCESSES ? running.filter((process) => !isKnown(process)) : [];
  const absent = PROCESS_KINDS.filter((kind) => ![...rows, ...silent].some((process) => process.kind === kind));
  return [...silent, ...absent.map((kind) => ({ kind, name: null }))].slice(0, MOST_PROCESSES);
}
