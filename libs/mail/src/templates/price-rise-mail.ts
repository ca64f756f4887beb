import type { Mail } from '../mail.js';
import { instantInMail } from './dunning-mail-content.js';
import { layOutMail } from './layout.js';

export interface PriceRiseMailContent {
  readonly organization: string;
  readonly application: string;
  readonly product: string;
  readonly plan: string;
  readonly at: Date;
  /** The coupon that ends; null for the end of a trial. */
  readonly coupon: string | null;
  /** The fixed fee from then on, formatted for reading; null for none. */
  readonly fee: string | null;
  readonly interval: 'month' | 'year';
  /** How it will be paid; null when no card is saved. */
  readonly pays: 'card' | 'transfer' | null;
  /** What becomes of it at the end of its trial when no card is saved by then; null for the end of a coupon. */
  readonly withoutCard: 'cancel' | 'suspend' | null;
  /** Where a card is saved. */
  readonly billingUrl: string;
  /** Where the plan is seen, changed and canceled. */
  readonly subscriptionUrl: string;
}

/** Tells those who pay that a trial or a coupon ends soon, what is charged from then on, and what they can do. */
export function priceRiseMail(content: PriceRiseMailContent): Omit<Mail, 'to'> {
  const { organization, application, product, plan, coupon, fee, interval, pays, billingUrl, subscriptionUrl } =
    content;
  const end = instantInMail(content.at);
  const what = coupon === null ? 'The trial' : `The offer "${coupon}"`;
  return layOutMail({
    subject: `${product} ${plan}: ${coupon === null ? 'the trial' : `"${coupon}"`} ends on ${end}`,
    brand: organization,
    heading: `${what} ends soon`,
    paragraphs: [
      `${what} of ${product} ${plan} for ${application} ends on ${end}. From then on it costs what the plan says.`,
      nextStep(content),
    ],
    facts: [
      ['Application', application],
      ['Plan', `${product} ${plan}`],
      ['Ends', end],
      [
        'From then on',
        fee === null ? 'Usage by the prices of the plan' : `${fee} a ${interval}, and usage by the plan`,
      ],
    ],
    action:
      pays === null
        ? { label: 'Save a card', url: billingUrl }
        : { label: 'View the subscription', url: subscriptionUrl },
    footer: `You get this mail because you receive the invoices of ${organization}.`,
  });
}

function nextStep({ pays, withoutCard }: PriceRiseMailContent): string {
  if (pays !== null) {
    const how = pays === 'card' ? 'is charged to the saved card' : 'is on your invoices, to be paid by transfer';
    return `What it costs ${how}. You can choose another plan or cancel before that.`;
  }
  const meaning = {
    cancel: 'Without one the subscription ends then, and its calls are refused.',
    suspend: 'Without one its calls are refused from then on, until a card is saved.',
    invoice: 'Without one the next invoice is not paid, and calls are refused some days later.',
  }[withoutCard ?? 'invoice'];
  return `No card is saved. Save one before that to go on. ${meaning}`;
}
