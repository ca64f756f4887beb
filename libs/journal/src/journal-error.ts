import { TollgateError } from '#domain';

/** Something about a journal's folder or files is not as it must be; `code` begins with `journal_`. */
export class JournalError extends TollgateError {}
