export {
  type ImportedStatement,
  assignStatementRow,
  importStatement,
  listUnmatchedRows,
  putStatementRowAside,
} from './import-statement.js';
export { listTransfers } from './list-transfers.js';
export {
  type RecordTransferInput,
  type RecordedTransfer,
  MAX_REFERENCE_LENGTH,
  MAX_TRANSFER_MINOR,
  recordTransfer,
} from './record-transfer.js';
export { reverseTransfer } from './reverse-transfer.js';
