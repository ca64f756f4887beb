// Every story of the portal once more, on a phone: what is in reach at a desk must be in reach there.
process.env['TEST_SCREEN'] = 'phone';
await import('./main-job.test.js');
await import('./portal.test.js');
await import('./unpaid-invoices.test.js');

export {};
