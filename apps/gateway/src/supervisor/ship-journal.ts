import { loadSettings } from '#config';
import { createLogger } from '#observability';
import { gatewayOptions } from '../gateway.module.js';
import { shipJournal } from '../gateway.server.js';

// Started by the supervisor for a journal that no gateway writes in any more: GATEWAY_ID and JOURNAL_DIR name it.
const settings = loadSettings('gateway');
const log = createLogger({ name: 'gateway', level: settings.LOG_LEVEL });
const fail = (error: Error): void => {
  log.error({ err: error }, 'the journal is not shipped');
  process.exit(1);
};
process.once('disconnect', () => process.exit(1));
process.once('SIGTERM', () => process.exit(1));
await shipJournal(gatewayOptions(settings, log, fail)).then(() => process.exit(0), fail);
