/** What each queue's jobs do, for sentences. */
export const queueWords: Readonly<Record<string, string>> = {
  'usage-segments': 'usage that gateways have shipped',
  billing: 'closing periods',
  payments: 'collecting invoices and acting on what the payment provider tells',
  webhooks: 'telling organizations of what happened',
  mail: 'sending mail',
};
