import type { Mail } from '../mail.js';
import { instantInMail } from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

export interface UsageRefusedMailContent {
  /** At least one. */
  readonly usage: readonly {
    readonly organization: string;
    readonly meter: string;
    readonly hourAt: Date;
    readonly quantity: string;
    /** In the words of the provider. */
    readonly reason: string;
  }[];
  /** Where finance sees periods and invoices. */
  readonly url: string;
}

/** So many are in the mail. */
const SHOWN = 10;

/** Tells finance and operators that the payment provider cannot count usage that it took. */
export function usageRefusedMail({ usage, url }: UsageRefusedMailContent): Omit<Mail, 'to'> {
  const subject = 'The payment provider cannot count reported usage';
  return layOutMail({
    subject,
    brand: 'Tollgate',
    heading: subject,
    paragraphs: [
      'It took this usage and says now that it cannot count it. It is reported once more before its invoice is collected; where that fails as well, the invoice is held and nothing is charged.',
    ],
    facts: usage
      .slice(0, SHOWN)
      .map(({ organization, meter, hourAt, quantity, reason }) => [
        `${organization}, ${instantInMail(hourAt)}`,
        `${quantity} ${meter}: ${reason}`,
      ]),
    action: { label: 'Finance', url },
    footer: 'You get this mail because you are in charge of finance or operations.',
  });
}
