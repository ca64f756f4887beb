export { type InvoiceDocument } from './document/invoice-document.js';
export { renderInvoicePdf } from './document/render-invoice-pdf.js';
export { type ExplainLineInput, type ExplainedLine, explainLine, listLineRequests } from './explain-line.js';
export { exportCreditNotesCsv, exportInvoicesCsv, exportInvoicesXlsx } from './export-invoices.js';
export {
  type InvoiceDetails,
  type InvoiceReference,
  findInvoice,
  findInvoiceDocument,
  findInvoiceId,
  listInvoices,
} from './find-invoices.js';
export { exportInvoicesNdjson, findInvoiceJson } from './invoice-json.js';
export { LINE_REQUEST_COLUMNS, lineRequestTable } from './line-request-table.js';
export { markPastDue } from './mark-past-due.js';
export { markUncollectible } from './mark-uncollectible.js';
export { type Withdrawal, type WithdrawalPreview, previewWithdrawal } from './preview-withdrawal.js';
export {
  MAX_REVIEW_HOURS,
  findReviewWindow,
  issueDueInvoices,
  issueReviewed,
  setReviewWindow,
} from './review-invoice.js';
export { type VoidInvoiceInput, reissueInvoice, voidInvoice } from './void-invoice.js';
export { payersInvoiceUrl } from './invoice-url.js';
