export type { Mail, Mailer } from './mail.js';
export { MailError, type MailErrorCode } from './mail-error.js';
export { createSmtpMailer, type SmtpMailerSettings } from './delivery/smtp-mailer.js';
export { type InvoicePaidMailContent, invoicePaidMail } from './templates/invoice-paid-mail.js';
export { type KeyLeakedMailContent, keyLeakedMail } from './templates/key-leaked-mail.js';
export { type PasswordResetMailContent, passwordResetMail } from './templates/password-reset-mail.js';
export { type UsageAlertMailContent, usageAlertMail } from './templates/usage-alert-mail.js';
export { type VerificationMailContent, verificationMail } from './templates/verification-mail.js';
