import { ConflictError } from '#domain';
import { type Actor, type SystemClock, appendToAuditLog, writeClockOffset } from '#persistence';
import type { ServiceContext } from '../context.js';

/** Moves the clock that everything follows. An installation without the time machine has none. */
export interface ClockControl {
  /** Moves forward to `at`; once it resolves the caller's own clock shows it. */
  moveTo(at: Date): Promise<void>;
}

/** The time machine: writes how far ahead the clock runs into the database, which every process follows. */
export function createClockControl(
  { unitOfWork }: Pick<ServiceContext, 'unitOfWork'>,
  clock: SystemClock,
): ClockControl {
  return {
    moveTo: async (at) => {
      const offsetMs = at.getTime() - clock.machineMs();
      await unitOfWork.inSystem((transaction) => writeClockOffset(transaction, offsetMs));
      await clock.refresh(unitOfWork.dataSource);
    },
  };
}

export interface MoveClockInput {
  readonly to: Date;
  /** Null when the time machine is off. */
  readonly clockControl: ClockControl | null;
  readonly actor: Actor;
}

/**
 * Moves the clock forward and returns the time that it shows then.
 * @throws ConflictError `clock_not_movable` without the time machine, `clock_backwards` for a time that has passed.
 */
export async function moveClock(context: ServiceContext, { to, clockControl, actor }: MoveClockInput): Promise<Date> {
  const from = context.clock.now();
  if (!clockControl) {
    throw new ConflictError(
      'clock_not_movable',
      `${to.toISOString()} has not come yet (it is ${from.toISOString()}), and this installation's clock cannot be moved. ` +
        'Wait until then, or start with TIME_MACHINE=true, which needs the payment sandbox.',
    );
  }
  if (to <= from) {
    throw new ConflictError(
      'clock_backwards',
      `The clock shows ${from.toISOString()} already and never runs backwards. Choose a later time.`,
    );
  }
  await clockControl.moveTo(to);
  await context.unitOfWork.inSystem((transaction) =>
    appendToAuditLog(transaction, {
      id: context.ids.next(),
      organizationId: null,
      actor,
      action: 'moved',
      noun: 'clock',
      nounId: null,
      details: { from: from.toISOString(), to: to.toISOString() },
      createdAt: context.clock.now(),
    }),
  );
  return context.clock.now();
}

const provider: Actor = { kind: 'system', id: null };

/**
 * Moves the clock to where that of a simulated payment provider was moved to, so that both show one time. Does nothing
 * without the time machine, or when the clock is there already: true if it moved.
 */
export async function followProviderClock(
  context: ServiceContext,
  { to, clockControl }: Omit<MoveClockInput, 'actor'>,
): Promise<boolean> {
  if (clockControl === null || to <= context.clock.now()) return false;
  await moveClock(context, { to, clockControl, actor: provider });
  return true;
}
