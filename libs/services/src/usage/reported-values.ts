import { type ReportFault, type ReportedUsage, readJsonPointer, valueAtPointer, valueHash } from '#domain';
import type { ReportableSubscription } from '#persistence';

/** What a reported event adds to the meters that count different values; null for none. */
export interface ReportedValues {
  readonly values: Readonly<Record<string, string>> | null;
}

/**
 * Reads the values of those meters out of an event's attributes; only of the meters that its quantities name. A fault
 * when one is missing: what would count nothing was not meant so.
 */
export function reportedValues(
  { quantities, attributes }: ReportedUsage,
  { id, applicationId, meters }: Pick<ReportableSubscription, 'id' | 'applicationId' | 'meters'>,
): ReportedValues | ReportFault {
  const values: Record<string, string> = {};
  for (const { slug, distinctValue } of meters) {
    if (distinctValue === null || !Object.hasOwn(quantities, slug)) continue;
    switch (distinctValue.from) {
      case 'application':
        values[slug] = valueHash(id, slug, applicationId);
        break;
      case 'credential':
      case 'request_header': {
        const source = distinctValue.from === 'credential' ? 'keys' : 'a header of requests';
        const message = `this meter counts ${source}, which a report has not`;
        return { pointer: `/data/quantities/${slug}`, message };
      }
      case 'report': {
        const { pointer } = distinctValue;
        const value = valueAtPointer(attributes, readJsonPointer(pointer)!);
        const text = Number.isSafeInteger(value) ? String(value) : value;
        if (typeof text !== 'string' || text === '')
          return {
            pointer: `/data/attributes${pointer}`,
            message: `expected a text or a whole number, which meter ${slug} counts once`,
          };
        values[slug] = valueHash(id, slug, text);
      }
    }
  }
  return { values: Object.keys(values).length === 0 ? null : values };
}
