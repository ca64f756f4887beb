import { EVENT_COLUMNS } from './usage-event-columns.js';

/** The archived events that a transaction has been given, empty at its end. */
export const ARCHIVED_EVENTS = 'pg_temp.archived_usage_event';
const COLUMNS = EVENT_COLUMNS.join(', ');

/**
 * Every event of the ledger, with those of the archive that `loadArchivedUsage` has brought in. As a source in SQL;
 * only for transactions that have `LOCK_LEDGER` and `PREPARE_ARCHIVED_EVENTS` behind them.
 */
export const LEDGER_AND_ARCHIVE: string = `(SELECT ${COLUMNS} FROM usage_event UNION ALL SELECT ${COLUMNS} FROM ${ARCHIVED_EVENTS})`;

/** Where a query takes events from: what is in Postgres, or with the archived ones that were loaded; as SQL. */
export const EVENTS_OF = { ledger: 'usage_event', ledgerAndArchive: LEDGER_AND_ARCHIVE } as const;

export type EventSource = keyof typeof EVENTS_OF;

/**
 * Until the transaction ends no partition is dropped. Nobody but who drops one waits for it: that takes the whole table, so the
 * partitions, of which there may be hundreds, need no locks of their own.
 */
export const LOCK_LEDGER = 'LOCK TABLE ONLY usage_event IN ACCESS SHARE MODE';

/**
 * What makes room for archived events; not possible in a transaction that is read-only already. Where there is room already, the
 * table is not touched: Postgres empties it at the end of each transaction that has.
 */
export const PREPARE_ARCHIVED_EVENTS = `DO $$ BEGIN
  IF to_regclass('${ARCHIVED_EVENTS}') IS NULL THEN
    CREATE TEMP TABLE archived_usage_event (LIKE usage_event INCLUDING DEFAULTS, PRIMARY KEY (id, seq)) ON COMMIT DELETE ROWS;
    CREATE INDEX archived_usage_event_segment_idx ON ${ARCHIVED_EVENTS} (gateway_id, gateway_epoch, segment);
  END IF;
END $$`;
