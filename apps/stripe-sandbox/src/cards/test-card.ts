/** Why a card is refused, as Stripe says it. */
export interface Decline {
  readonly code: string;
  readonly declineCode?: string;
  readonly message: string;
}

/** A card number of Stripe's documentation, and what happens with it. */
export interface TestCard {
  readonly number: string;
  /** Ids under which requests may name the card without its number. */
  readonly tokens: readonly string[];
  readonly brand: string;
  readonly fingerprint: string;
  /** What the checkout page says about it. */
  readonly note: string;
  /** Refused when it is to be saved. */
  readonly onAttach?: Decline;
  /** Refused when it is charged. */
  readonly onCharge?: Decline;
  /** What comes of a refund that was taken: it succeeds later, or fails after all. Otherwise it succeeds at once. */
  readonly onRefund?: RefundOutcome;
  /** Its owner disputes every payment a few seconds later. */
  readonly onDispute?: DisputeCause;
  /** Its bank asks the cardholder: for each payment, or only once, when the card is saved. */
  readonly asksCardholder?: 'always' | 'once';
}

/** Why a payment is disputed. An inquiry only asks: no money is taken. */
export interface DisputeCause {
  readonly reason: 'fraudulent' | 'general' | 'product_not_received';
  readonly isInquiry: boolean;
}

export type RefundOutcome = 'fails' | 'later';

const genericDecline: Decline = {
  code: 'card_declined',
  declineCode: 'generic_decline',
  message: 'Your card was declined.',
};
const insufficientFunds: Decline = {
  code: 'card_declined',
  declineCode: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
};

const expiredCard: Decline = { code: 'expired_card', message: 'Your card has expired.' };

export const testCards: readonly TestCard[] = [
  {
    number: '4242424242424242',
    tokens: ['pm_card_visa', 'tok_visa'],
    brand: 'visa',
    fingerprint: 'SandboxVisa42420',
    note: 'Visa, every payment succeeds',
  },
  {
    number: '5555555555554444',
    tokens: ['pm_card_mastercard', 'tok_mastercard'],
    brand: 'mastercard',
    fingerprint: 'SandboxMaster444',
    note: 'Mastercard, every payment succeeds',
  },
  {
    number: '4000000000007726',
    tokens: ['pm_card_pendingRefund'],
    brand: 'visa',
    fingerprint: 'SandboxVisa77260',
    note: 'Every payment succeeds, refunds take a few seconds',
    onRefund: 'later',
  },
  {
    number: '4000000000005126',
    tokens: ['pm_card_refundFail'],
    brand: 'visa',
    fingerprint: 'SandboxVisa51260',
    note: 'Every payment succeeds, refunds fail a few seconds later',
    onRefund: 'fails',
  },
  {
    number: '4000000000000259',
    tokens: ['pm_card_createDispute', 'tok_createDispute'],
    brand: 'visa',
    fingerprint: 'SandboxVisa02590',
    note: 'Every payment succeeds, and is disputed as fraudulent a few seconds later',
    onDispute: { reason: 'fraudulent', isInquiry: false },
  },
  {
    number: '4000000000002685',
    tokens: ['pm_card_createDisputeProductNotReceived', 'tok_createDisputeProductNotReceived'],
    brand: 'visa',
    fingerprint: 'SandboxVisa26850',
    note: 'Every payment succeeds, and is disputed as not received a few seconds later',
    onDispute: { reason: 'product_not_received', isInquiry: false },
  },
  {
    number: '4000000000001976',
    tokens: ['pm_card_createDisputeInquiry', 'tok_createDisputeInquiry'],
    brand: 'visa',
    fingerprint: 'SandboxVisa19760',
    note: 'Every payment succeeds, and its bank inquires a few seconds later',
    onDispute: { reason: 'general', isInquiry: true },
  },
  {
    number: '4000000000000341',
    tokens: ['pm_card_chargeCustomerFail', 'tok_chargeCustomerFail'],
    brand: 'visa',
    fingerprint: 'SandboxVisa03410',
    note: 'Is saved, then every payment is declined',
    onCharge: genericDecline,
  },
  {
    number: '4000000000009995',
    tokens: [
      'pm_card_chargeDeclinedInsufficientFunds',
      'pm_card_visa_chargeDeclinedInsufficientFunds',
      'tok_chargeDeclinedInsufficientFunds',
    ],
    brand: 'visa',
    fingerprint: 'SandboxVisa99950',
    note: 'Insufficient funds: cannot be saved',
    onAttach: insufficientFunds,
    onCharge: insufficientFunds,
  },
  {
    number: '4000000000000002',
    tokens: ['pm_card_chargeDeclined', 'pm_card_visa_chargeDeclined', 'tok_chargeDeclined'],
    brand: 'visa',
    fingerprint: 'SandboxVisa00020',
    note: 'Declined: cannot be saved',
    onAttach: genericDecline,
    onCharge: genericDecline,
  },
  {
    number: '4000000000000069',
    tokens: ['pm_card_chargeDeclinedExpiredCard', 'tok_chargeDeclinedExpiredCard'],
    brand: 'visa',
    fingerprint: 'SandboxVisa00690',
    note: 'Expired: cannot be saved',
    onAttach: expiredCard,
    onCharge: expiredCard,
  },
  {
    number: '4000002500003155',
    tokens: ['pm_card_authenticationRequiredOnSetup'],
    brand: 'visa',
    fingerprint: 'SandboxVisa31550',
    note: 'Asks the cardholder when it is saved, then every payment succeeds',
    asksCardholder: 'once',
  },
  {
    number: '4000002760003184',
    tokens: ['pm_card_authenticationRequired', 'tok_authenticationRequired'],
    brand: 'visa',
    fingerprint: 'SandboxVisa31840',
    note: 'Asks the cardholder at every payment',
    asksCardholder: 'always',
  },
  {
    number: '4000000000003220',
    tokens: ['pm_card_threeDSecure2Required', 'tok_threeDSecure2Required'],
    brand: 'visa',
    fingerprint: 'SandboxVisa32200',
    note: 'Asks the cardholder at every payment (3-D Secure 2)',
    asksCardholder: 'always',
  },
];

export function testCardByToken(token: string): TestCard | undefined {
  return testCards.find((card) => card.tokens.includes(token));
}

/** A saved card remembers only its fingerprint, never its number. */
export function testCardByFingerprint(fingerprint: string): TestCard | undefined {
  return testCards.find((card) => card.fingerprint === fingerprint);
}
