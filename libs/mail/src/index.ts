export type { Mail, Mailer } from './mail.js';
export { MailError, type MailErrorCode } from './mail-error.js';
export { createSmtpMailer, type SmtpMailerSettings } from './delivery/smtp-mailer.js';
export { accessRestoredMail } from './templates/access-restored-mail.js';
export {
  type ApiVersionDeprecatedMailContent,
  apiVersionDeprecatedMail,
} from './templates/api-version-deprecated-mail.js';
export { accessSuspendedMail } from './templates/access-suspended-mail.js';
export { type AccountNoticeMailContent, accountNoticeMail } from './templates/account-notice-mail.js';
export { type DeletionMailContent, deletionMail } from './templates/deletion-mail.js';
export { type SecondFactorResetMailContent, secondFactorResetMail } from './templates/second-factor-reset-mail.js';
export { type CreditsLowMailContent, creditsLowMail } from './templates/credits-low-mail.js';
export { type DisputeMailContent, disputeMail } from './templates/dispute-mail.js';
export type { DunningMailContent } from './templates/dunning-mail-content.js';
export { type EmailChangeMailContent, emailChangeMail } from './templates/email-change-mail.js';
export { type InvitationMailContent, invitationMail } from './templates/invitation-mail.js';
export { type InvoiceHeldMailContent, invoiceHeldMail } from './templates/invoice-held-mail.js';
export { type InvoicePaidMailContent, invoicePaidMail } from './templates/invoice-paid-mail.js';
export { type KeyExpiringMailContent, keyExpiringMail } from './templates/key-expiring-mail.js';
export { type KeyLeakedMailContent, keyLeakedMail } from './templates/key-leaked-mail.js';
export { type LedgerDifferenceMailContent, ledgerDifferenceMail } from './templates/ledger-difference-mail.js';
export { type PasswordResetMailContent, passwordResetMail } from './templates/password-reset-mail.js';
export { paymentFailedMail } from './templates/payment-failed-mail.js';
export { type PlanVersionMailContent, planVersionMail } from './templates/plan-version-mail.js';
export { type PriceRiseMailContent, priceRiseMail } from './templates/price-rise-mail.js';
export { type RefundMailContent, refundFailedMail, refundFoundMail } from './templates/refund-mail.js';
export {
  type ApiVersionRetirementMailContent,
  apiVersionRetirementMail,
} from './templates/api-version-retirement-mail.js';
export {
  type SubscriptionApprovedMailContent,
  subscriptionApprovedMail,
} from './templates/subscription-approved-mail.js';
export { type SubscriptionRefusedMailContent, subscriptionRefusedMail } from './templates/subscription-refused-mail.js';
export {
  type SubscriptionRequestedMailContent,
  subscriptionRequestedMail,
} from './templates/subscription-requested-mail.js';
export { subscriptionsCanceledMail } from './templates/subscriptions-canceled-mail.js';
export { suspensionWarningMail } from './templates/suspension-warning-mail.js';
export { type TopUpStoppedMailContent, topUpStoppedMail } from './templates/top-up-stopped-mail.js';
export { transferDueMail } from './templates/transfer-due-mail.js';
export { type UsageAlertMailContent, usageAlertMail } from './templates/usage-alert-mail.js';
export { type UsageRefusedMailContent, usageRefusedMail } from './templates/usage-refused-mail.js';
export { type VerificationMailContent, verificationMail } from './templates/verification-mail.js';
export { type WebhookDisabledMailContent, webhookDisabledMail } from './templates/webhook-disabled-mail.js';
