import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MailError } from '../mail-error.js';
import { accessRestoredMail } from './access-restored-mail.js';
import { accessSuspendedMail } from './access-suspended-mail.js';
import type { DunningMailContent } from './dunning-mail-content.js';
import { accountNoticeMail } from './account-notice-mail.js';
import { apiVersionDeprecatedMail } from './api-version-deprecated-mail.js';
import { creditsLowMail } from './credits-low-mail.js';
import { deletionMail } from './deletion-mail.js';
import { emailChangeMail } from './email-change-mail.js';
import { disputeMail } from './dispute-mail.js';
import { invitationMail } from './invitation-mail.js';
import { invoiceHeldMail } from './invoice-held-mail.js';
import { invoicePaidMail } from './invoice-paid-mail.js';
import { keyExpiringMail } from './key-expiring-mail.js';
import { keyLeakedMail } from './key-leaked-mail.js';
import { ledgerDifferenceMail } from './ledger-difference-mail.js';
import { passwordResetMail } from './password-reset-mail.js';
import { paymentFailedMail } from './payment-failed-mail.js';
import { type PriceRiseMailContent, priceRiseMail } from './price-rise-mail.js';
import { refundFailedMail, refundFoundMail } from './refund-mail.js';
import { apiVersionRetirementMail } from './api-version-retirement-mail.js';
import { subscriptionApprovedMail } from './subscription-approved-mail.js';
import { subscriptionRefusedMail } from './subscription-refused-mail.js';
import { subscriptionRequestedMail } from './subscription-requested-mail.js';
import { subscriptionsCanceledMail } from './subscriptions-canceled-mail.js';
import { suspensionWarningMail } from './suspension-warning-mail.js';
import { topUpStoppedMail } from './top-up-stopped-mail.js';
import { transferDueMail } from './transfer-due-mail.js';
import { usageAlertMail } from './usage-alert-mail.js';
import { usageRefusedMail } from './usage-refused-mail.js';
import { verificationMail } from './verification-mail.js';
import { webhookDisabledMail } from './webhook-disabled-mail.js';

const URL_WITH_QUERY = 'https://portal.example.com/verify?token=a_b-c&next=%2F';
const unpaid = (text: string, url: string): DunningMailContent => ({
  organization: text,
  invoice: text,
  amount: text,
  reason: text,
  isTransfer: false,
  dueAt: new Date('2027-02-01T23:59:59Z'),
  mustConfirm: false,
  hostedUrl: null,
  nextRetryAt: new Date('2027-02-03T12:00:00Z'),
  accessEndsAt: new Date('2027-02-04T12:00:00Z'),
  url,
});
const PROVIDER_URL = 'https://dashboard.stripe.example/disputes/1';
const evidenceDueAt = new Date('2027-02-09T23:59:59Z');
const payment = (text: string, url: string) => ({ organization: text, invoice: text, amount: text, url });
const rise = (text: string, url: string): PriceRiseMailContent => ({
  organization: text,
  application: text,
  product: text,
  plan: text,
  at: new Date('2027-02-09T23:59:59Z'),
  coupon: text,
  fee: text,
  interval: 'month',
  pays: 'card',
  withoutCard: null,
  billingUrl: url,
  subscriptionUrl: url,
});
const TEMPLATES = [
  ['verificationMail', (text: string, url: string) => verificationMail({ name: text, url, portalName: text })],
  ['passwordResetMail', (text: string, url: string) => passwordResetMail({ name: text, url, portalName: text })],
  [
    'deletionMail',
    (text: string, url: string) => deletionMail({ name: text, organizationName: text, url, portalName: text }),
  ],
  ['emailChangeMail', (text: string, url: string) => emailChangeMail({ name: text, url, portalName: text })],
  [
    'accountNoticeMail',
    (text: string, url: string) => accountNoticeMail({ name: text, what: text, meaning: text, url, portalName: text }),
  ],
  [
    'keyExpiringMail',
    (text: string, url: string) => {
      const expiresAt = new Date('2027-02-09T23:59:59Z');
      return keyExpiringMail({ organization: text, key: text, keyName: text, expiresAt, hasSuccessor: true, url });
    },
  ],
  ['priceRiseMail', (text: string, url: string) => priceRiseMail({ ...rise(text, url), pays: null })],
  ['priceRiseMail, with a card', (text: string, url: string) => priceRiseMail(rise(text, url))],
  [
    'keyLeakedMail',
    (text: string, url: string) =>
      keyLeakedMail({ organization: text, key: text, keyName: text, foundAtUrl: text, isRevoked: true, url }),
  ],
  [
    'apiVersionDeprecatedMail',
    (text: string, url: string) =>
      apiVersionDeprecatedMail({
        organization: text,
        applications: [text, text],
        api: text,
        version: text,
        latest: text,
        broken: [text],
        sunsetOn: '2027-03-31',
        url,
      }),
  ],
  [
    'webhookDisabledMail',
    (text: string, url: string) => webhookDisabledMail({ organization: text, origin: text, reason: 'failing', url }),
  ],
  [
    'invoicePaidMail',
    (text: string, url: string) => invoicePaidMail({ organization: text, number: text, amount: text, url }),
  ],
  [
    'creditsLowMail',
    (text: string, url: string) =>
      creditsLowMail({ organization: text, seller: text, threshold: 20, left: text, granted: text, url }),
  ],
  [
    'topUpStoppedMail',
    (text: string, url: string) =>
      topUpStoppedMail({ organization: text, seller: text, reason: 'payment_failed', url }),
  ],
  ['paymentFailedMail', (text: string, url: string) => paymentFailedMail(unpaid(text, url))],
  [
    'paymentFailedMail, to be confirmed',
    (text: string, url: string) =>
      paymentFailedMail({ ...unpaid(text, 'https://portal.example.com'), mustConfirm: true, hostedUrl: url }),
  ],
  [
    'paymentFailedMail, of a transfer',
    (text: string, url: string) => paymentFailedMail({ ...unpaid(text, url), isTransfer: true }),
  ],
  ['transferDueMail', (text: string, url: string) => transferDueMail(unpaid(text, url))],
  ['suspensionWarningMail', (text: string, url: string) => suspensionWarningMail(unpaid(text, url))],
  ['accessSuspendedMail', (text: string, url: string) => accessSuspendedMail(unpaid(text, url))],
  ['accessRestoredMail', (text: string, url: string) => accessRestoredMail(unpaid(text, url))],
  ...[false, true].map(
    (isOver) =>
      [
        'apiVersionRetirementMail',
        (text: string, url: string) =>
          apiVersionRetirementMail({ api: text, version: text, sunsetOn: '2027-03-31', isOver, callers: 2, url }),
      ] as const,
  ),
  [
    'subscriptionApprovedMail',
    (text: string, url: string) =>
      subscriptionApprovedMail({ organization: text, application: text, product: text, plan: text, url }),
  ],
  [
    'subscriptionRefusedMail',
    (text: string, url: string) =>
      subscriptionRefusedMail({ organization: text, application: text, product: text, plan: text, reason: text, url }),
  ],
  [
    'subscriptionRequestedMail',
    (text: string, url: string) =>
      subscriptionRequestedMail({ organization: text, application: text, product: text, plan: text, url }),
  ],
  ['subscriptionsCanceledMail', (text: string, url: string) => subscriptionsCanceledMail(unpaid(text, url))],
  ...(['opened', 'won', 'lost', 'closed'] as const).flatMap((what) =>
    [false, true].map(
      (isInquiry) =>
        [
          `disputeMail, ${isInquiry ? 'inquiry ' : ''}${what}`,
          (text: string, url: string) =>
            disputeMail({
              ...payment(text, url),
              what,
              isInquiry,
              reason: text,
              evidenceDueAt,
              providerUrl: PROVIDER_URL,
            }),
        ] as const,
    ),
  ),
  [
    'refundFoundMail',
    (text: string, url: string) => refundFoundMail({ ...payment(text, url), providerRefundId: text }),
  ],
  [
    'refundFailedMail',
    (text: string, url: string) => refundFailedMail({ ...payment(text, url), providerRefundId: null, reason: text }),
  ],
  ['invoiceHeldMail', (text: string, url: string) => invoiceHeldMail({ ...payment(text, url), reason: text })],
  [
    'invitationMail',
    (text: string, url: string) =>
      invitationMail({
        organizationName: text,
        inviterName: text,
        role: text,
        url,
        expiresAt: new Date('2027-02-01T00:00:00Z'),
        portalName: text,
      }),
  ],
  [
    'usageAlertMail',
    (text: string, url: string) =>
      usageAlertMail({
        organization: text,
        application: text,
        product: text,
        limitName: text,
        threshold: 80,
        used: text,
        limit: text,
        url,
      }),
  ],
  [
    'usageRefusedMail',
    (text: string, url: string) =>
      usageRefusedMail({
        usage: [
          { organization: text, meter: text, hourAt: new Date('2027-02-01T10:00:00Z'), quantity: '12', reason: text },
        ],
        url,
      }),
  ],
  [
    'ledgerDifferenceMail',
    (text: string, url: string) =>
      ledgerDifferenceMail({
        day: '2027-01-31',
        differences: [{ message: text, row: text, expected: text, actual: text }],
        url,
      }),
  ],
] as const;

describe.each(TEMPLATES)('%s', (_name, template) => {
  it('says the same in text and HTML, and links to the address in both', () => {
    const mail = template('Ada', URL_WITH_QUERY);
    expect(mail.subject).not.toBe('');
    expect(mail.text).toContain(`\n${URL_WITH_QUERY}\n`);
    expect(mail.text).toContain('Ada');
    expect(mail.html).toContain(`href="${URL_WITH_QUERY.replace('&', '&amp;')}"`);
    expect(mail.html).toContain('Ada');
  });

  it('escapes whatever it is given', () => {
    const mail = template('<script>alert("x")</script> & \'y\'', URL_WITH_QUERY);
    expect(mail.html).not.toContain('<script');
    expect(mail.html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;');
    expect(mail.text).toContain('<script>alert("x")</script> & \'y\'');
  });

  it('has the same tags, whatever the texts are', () => {
    const tagsOf = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];
    const expected = tagsOf(template('x', URL_WITH_QUERY).html);
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(tagsOf(template(text, URL_WITH_QUERY).html)).toEqual(expected);
      }),
    );
  });

  it('keeps a line break in a text from making a header or a line', () => {
    const mail = template('Ada\r\nBcc: eve@example.com\u2028x', URL_WITH_QUERY);
    expect(mail.subject).not.toMatch(/[\r\n\u2028]/);
    expect(mail.text).not.toMatch(/^Bcc:/m);
  });

  it.each(['javascript:alert(1)', '/verify', 'data:text/html,x', ''])('refuses to link to "%s"', (url) => {
    expect(() => template('Ada', url)).toThrow(MailError);
  });

  it('cannot be broken out of through the address', () => {
    expect(template('Ada', 'https://x.example/"><script>alert(1)</script>').html).not.toContain('<script');
  });
});

describe('priceRiseMail', () => {
  const content = rise('Ada', 'https://portal.example.com');
  const trial = { ...content, coupon: null };

  it('says what becomes of a subscription for which no card is saved', () => {
    const textWith = (change: Partial<PriceRiseMailContent>) => priceRiseMail({ ...trial, ...change }).text;
    expect(textWith({ pays: null, withoutCard: 'cancel' })).toContain('the subscription ends then');
    expect(textWith({ pays: null, withoutCard: 'suspend' })).toContain('until a card is saved');
    expect(textWith({ pays: null, coupon: 'Spring' })).toContain('the next invoice is not paid');
    expect(textWith({ pays: 'transfer' })).toContain('to be paid by transfer');
    expect(textWith({ withoutCard: 'cancel' })).not.toContain('No card');
  });

  it('names the coupon that ends, or the trial', () => {
    expect(priceRiseMail(content).subject).toBe('Ada Ada: "Ada" ends on 2027-02-09 23:59 UTC');
    expect(priceRiseMail(trial).subject).toBe('Ada Ada: the trial ends on 2027-02-09 23:59 UTC');
  });
});

describe('the layout', () => {
  const { html } = verificationMail({ name: 'Ada', url: URL_WITH_QUERY, portalName: 'Portal' });

  it('has colours for the dark, for each that stands in a tag', () => {
    const dark = html.slice(html.indexOf('prefers-color-scheme:dark'), html.indexOf('</style>'));
    const coloured = [...html.matchAll(/<(\w+)([^>]*style="[^"]*(?:#[0-9a-f]{6})[^"]*")/g)];
    const classes = coloured.flatMap(([, tag, attributes]) => {
      const [, names] = /class="([^"]+)"/.exec(attributes!) ?? [];
      return [names === undefined ? tag! : `.${names.split(' ')[0]}`];
    });
    expect(classes.length).toBeGreaterThan(5);
    expect(classes.filter((name) => !dark.includes(name))).toEqual([]);
  });
});

describe('disputeMail', () => {
  const content = {
    ...payment('Ada', 'https://portal.example.com'),
    reason: 'fraudulent',
    isInquiry: false,
    evidenceDueAt,
    providerUrl: PROVIDER_URL,
  };

  it('says until when evidence is due, and where it is handed in, while a dispute is open', () => {
    const { text } = disputeMail({ ...content, what: 'opened' });
    expect(text).toContain('Evidence due: 2027-02-09 23:59 UTC');
    expect(text).toContain(PROVIDER_URL);
    expect(disputeMail({ ...content, what: 'lost' }).text).not.toContain('Evidence due');
  });

  it('does not say that an inquiry has taken money', () => {
    expect(disputeMail({ ...content, what: 'opened', isInquiry: true }).text).toContain('No money was taken.');
    expect(disputeMail({ ...content, what: 'opened' }).text).toContain('has taken the money');
  });
});

describe('invoicePaidMail', () => {
  it('names the organization, the invoice and the amount', () => {
    const mail = invoicePaidMail({
      organization: 'Analytical Engines',
      number: 'TG-2026-000042',
      amount: 'USD 129.00',
      url: 'https://portal.example.com/invoices/42',
    });
    expect(mail.subject).toBe('Receipt for invoice TG-2026-000042: USD 129.00');
    expect(mail.text).toContain('Organization: Analytical Engines\nInvoice: TG-2026-000042\nPaid: USD 129.00');
  });
});

describe('mails about an unpaid invoice', () => {
  it('say when the card is charged next and when calls are refused', () => {
    const { text } = paymentFailedMail({
      ...unpaid('Ada', 'https://portal.example.com'),
      reason: 'Your card was declined.',
    });
    expect(text).toContain('Your card was declined.');
    expect(text).toContain('charged again on 2027-02-03 12:00 UTC');
    expect(text).toContain('API calls work until 2027-02-04 12:00 UTC');
  });

  it('do not speak of cards to who pays by transfer', () => {
    const content = { ...unpaid('Ada', 'https://portal.example.com'), isTransfer: true, nextRetryAt: null };
    const templates = [paymentFailedMail, transferDueMail, suspensionWarningMail, accessSuspendedMail];
    for (const template of [...templates, subscriptionsCanceledMail])
      expect(template(content).text).not.toMatch(/card|attempt|charge/i);
  });
});

describe('mails about prepaid credits', () => {
  const credits = {
    organization: 'Analytical Engines',
    seller: 'Sky Ltd',
    granted: '$50.00',
    url: 'https://portal.example.com',
  };

  it('say how much is left, and otherwise that nothing is and what follows', () => {
    const low = creditsLowMail({ ...credits, threshold: 20, left: '$9.00' });
    expect(low.subject).toBe('Prepaid credits with Sky Ltd run low: $9.00 left');
    expect(low.text).toContain('Less than 20 % of the prepaid credits is left');
    expect(low.text).toContain('Analytical Engines has $9.00 of $50.00 left');
    const used = creditsLowMail({ ...credits, threshold: 0, left: '$0.00' });
    expect(used.subject).toBe('Prepaid credits with Sky Ltd are used up');
    expect(used.text).toContain('Further usage goes on the next invoice');
  });

  it('say why the automatic top-up has stopped', () => {
    expect(topUpStoppedMail({ ...credits, reason: 'payment_failed' }).text).toContain('Save a card that works');
    expect(topUpStoppedMail({ ...credits, reason: 'not_offered' }).text).toContain('is not offered any more');
  });
});
