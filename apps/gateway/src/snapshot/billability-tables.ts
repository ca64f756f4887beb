import type { PlanDefinition } from '#domain';
import { type Billability, compileBillability } from '../metering/billability.js';

/**
 * The billability tables of plan versions, each once, however many versions say the same: most say nothing of their own, and
 * calls of any number of plans are then judged by one table that is at hand.
 */
export class BillabilityTables {
  private readonly tables = new Map<string, Billability>();

  of({ billability }: Pick<PlanDefinition, 'billability'>): Billability {
    const content = JSON.stringify(billability ?? null);
    const known = this.tables.get(content);
    if (known) return known;
    const table = compileBillability({ billability });
    this.tables.set(content, table);
    return table;
  }
}
