import { InvalidError } from '#domain';
import { isDisposableEmailDomain } from 'disposable-email-domains-js';
import type { ApiSettings } from '../tokens.js';

/** True for an address of a service that gives a mailbox to anybody for minutes, or below one of its domains. */
export function isDisposableMail(email: string): boolean {
  const labels = email
    .slice(email.lastIndexOf('@') + 1)
    .toLowerCase()
    .split('.');
  return labels.some((_label, index) => isDisposableEmailDomain(labels.slice(index).join('.')));
}

/** @throws InvalidError `disposable_mail`, unless this installation takes such addresses */
export function refuseDisposableMail(email: string, { DISPOSABLE_MAIL }: Pick<ApiSettings, 'DISPOSABLE_MAIL'>): void {
  if (DISPOSABLE_MAIL === 'allow' || !isDisposableMail(email)) return;
  throw new InvalidError('disposable_mail', 'Use an e-mail address that lasts: this one is of a throw-away service.');
}
