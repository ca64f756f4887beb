/**
 * How the quantities of a period's events become the units that a price is for: all of them added up; how many events
 * there were, whatever each counts; the highest; that of the last event; or how many different values they named.
 */
export const AGGREGATIONS = ['sum', 'count', 'max', 'last', 'unique'] as const;

export type Aggregation = (typeof AGGREGATIONS)[number];
