import { type ApiContract, RequestValidators } from '#openapi';

/** Of one turn of the event loop; a single schema may take longer. */
const sliceMs = 4;
/** The rest of the time is for requests. */
const shareOfTime = 0.2;

/**
 * The validators of all versions whose requests are checked. They outlive a catalogue as long as their version says the same,
 * and what they check by is compiled in slices while nobody has asked for it yet: of a large document, all at once would
 * hold every request up for as long as it takes.
 */
export class ValidatorBook {
  private readonly byVersion = new Map<string, RequestValidators>();
  private readonly preparing = new Map<RequestValidators, Iterator<void>>();
  private timer: NodeJS.Timeout | null = null;

  /** Those of a version: the same as before while its contract is the same. */
  of(versionId: string, contract: ApiContract): RequestValidators {
    const known = this.byVersion.get(versionId);
    if (known?.isFor(contract)) return known;
    if (known) this.preparing.delete(known);
    const made = new RequestValidators(contract);
    this.byVersion.set(versionId, made);
    this.preparing.set(made, made.prepare());
    this.timer ??= setTimeout(this.prepare, 0).unref();
    return made;
  }

  /** Forgets the versions that are not served any more. */
  keepOnly(versionIds: readonly string[]): void {
    const served = new Set(versionIds);
    for (const [versionId, validators] of this.byVersion) {
      if (served.has(versionId)) continue;
      this.byVersion.delete(versionId);
      this.preparing.delete(validators);
    }
  }

  /** How many versions have something that is not compiled yet. */
  get unprepared(): number {
    return this.preparing.size;
  }

  private readonly prepare = (): void => {
    const startedAt = performance.now();
    for (const [validators, steps] of this.preparing) {
      while (performance.now() - startedAt < sliceMs) {
        if (isStillPreparing(steps)) continue;
        this.preparing.delete(validators);
        break;
      }
      if (performance.now() - startedAt >= sliceMs) break;
    }
    const pauseMs = (performance.now() - startedAt) * (1 / shareOfTime - 1);
    this.timer = this.preparing.size > 0 ? setTimeout(this.prepare, pauseMs).unref() : null;
  };
}

/** Takes a step. What cannot be compiled is an error of the request that needs it; nobody has asked for it yet. */
function isStillPreparing(steps: Iterator<void>): boolean {
  try {
    return !steps.next().done;
  } catch {
    return false;
  }
}
