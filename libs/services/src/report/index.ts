export {
  type ReportName,
  type ReportOptions,
  type TablePreview,
  previewTable,
  reportNames,
  reportTable,
} from './report-table.js';
