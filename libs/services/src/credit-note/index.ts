export { renderCreditNotePdf } from './document/render-credit-note-pdf.js';
export { type CreditNoteDocument, findCreditNoteDocument } from './find-credit-note.js';
export {
  type CreditNotePreview,
  type IssueCreditNoteInput,
  issueCreditNote,
  previewCreditNote,
} from './issue-credit-note.js';
