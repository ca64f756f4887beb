export { type LedgerProof, listProofs, proveEndedDay, proveSampleDay } from './daily-proof.js';
export { readReceivables } from './read-receivables.js';
export { type Reaggregation, reaggregateUsage } from './reaggregate-usage.js';
export { type VerifyInput, verifyLedger } from './verify-ledger.js';
export {
  type CheckName,
  type CheckResult,
  type Difference,
  type VerifyReport,
  listedDifferences,
} from './verify-report.js';
