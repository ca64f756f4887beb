import {
  type CatalogFile,
  applyCatalog,
  catalogFileSchema,
  closeDuePeriods,
  exportInvoicesCsv,
  findInvoiceDocument,
  issueDueInvoices,
  issueReviewed,
  listSellersWithTaxRates,
  setReviewWindow,
  verifyLedger,
} from '#services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withClient } from '../../../scripts/launcher/database.mjs';
import { type SubscriptionRow, aPlanDefinition, aSubscription } from '../../support/billing-rows.js';
import { type TestDatabase, createTestDatabase, tamper } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';

const HOUR = 3_600_000;
const berlin = {
  slug: 'berlin',
  name: 'Sky GmbH',
  addressLines: ['Unter den Linden 1', '10117 Berlin'],
  taxId: 'DE123456789',
  country: 'DE',
  invoicePrefix: 'SKYDE',
  bankAccount: { iban: 'DE89 3704 0044 0532 0130 00', bic: 'cobadeffxxx' },
};

describe('sellers', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase('2026-02-01T00:00:00Z');
  });
  afterEach(() => database.dispose());

  const rows = <Row>(sql: string, parameters: readonly unknown[] = []) =>
    database.unitOfWork.inSystem((transaction) => transaction.query<Row>(sql, parameters));
  const apply = (parts: Readonly<Record<string, unknown>>) =>
    applyCatalog(database.context, {
      file: catalogFileSchema.parse({ tollgate: 1, ...parts }) as CatalogFile,
      documents: new Map(),
      encryptionKeys: [],
      allowsPrivateUpstreams: true,
      dryRun: false,
      actor: { kind: 'cli', id: null },
    });
  /** Lets the seller in Berlin sell what the subscription is to. */
  const soldByBerlin = async ({ apiProductId }: SubscriptionRow) => {
    const [team] = await rows<{ slug: string; name: string }>(
      `SELECT team.slug, team.name FROM publisher_team AS team JOIN api_product ON publisher_team_id = team.id
       WHERE api_product.id = $1`,
      [apiProductId],
    );
    return apply({ sellers: [berlin], publishers: [{ ...team, seller: 'berlin' }] });
  };
  const invoices = () =>
    rows<{ id: string; number: string; seller: string; name: string }>(
      `SELECT id, number, seller_slug AS seller, seller->>'name' AS name FROM invoice ORDER BY number`,
    );
  const close = async (at: string) => {
    database.clock.moveTo(at);
    return (await closeDuePeriods(database.context, { graceMs: HOUR })).closed;
  };

  /** An invoice that waits to be issued. */
  const reviewed = async () => {
    const { organizationId } = await aSubscription(database);
    await setReviewWindow(database.context, { organizationId, hours: 24, actor: { kind: 'cli', id: null } });
    await close('2026-03-01T02:00:00Z');
    return (await invoices())[0]!;
  };

  it('have the tax rates of the file: those that are missing are added, and ends follow it', async () => {
    const rate = { country: 'DE', name: 'VAT', percent: '19', validFrom: '2026-01-01T00:00:00+01:00' };
    const later = { ...rate, percent: '21.0', validFrom: '2026-07-01' };
    const applied = async (taxRates: readonly object[]) =>
      (await apply({ sellers: [{ ...berlin, taxRates }] })).map(
        ({ action, noun, name }) => `${action} ${noun} ${name}`,
      );
    const kept = async () => {
      const found = (await listSellersWithTaxRates(database.context)).find(({ slug }) => slug === 'berlin')!;
      return found.taxRates.map(({ percent, validFrom, validTo }) => [percent, validFrom, validTo]);
    };
    expect(await applied([rate])).toEqual(['create seller Sky GmbH', 'create tax rate berlin/DE VAT 19 % standard']);
    expect(await applied([{ ...rate, percent: '19.00' }])).toEqual([]);
    // One file ends a rate and begins the next.
    const ended = { ...rate, validTo: '2026-07-01' };
    expect(await applied([later, ended])).toEqual([
      'update tax rate berlin/DE VAT 19 % standard',
      'create tax rate berlin/DE VAT 21.0 % standard',
    ]);
    const both = [
      ['19', new Date('2025-12-31T23:00:00Z'), new Date('2026-07-01T00:00:00Z')],
      ['21', new Date('2026-07-01T00:00:00Z'), null],
    ];
    expect(await kept()).toEqual(both);
    // What the file does not have stays, as do all rates where it has none.
    expect(await applied([later])).toEqual([]);
    expect(await apply({ sellers: [berlin] })).toEqual([]);
    await expect(applied([ended, later, { ...later, percent: '22' }])).rejects.toMatchObject({
      code: 'tax_rate_overlaps',
      message: expect.stringMatching(/^sellers\.berlin\.taxRates\[2\]: VAT at 21 % is in force/),
    });
    await expect(applied([{ ...later, country: 'XX' }])).rejects.toMatchObject({
      code: 'tax_rate_invalid',
      message: expect.stringMatching(/^sellers\.berlin\.taxRates\[0\]\.country: expected the two letters/),
    });
    await expect(applied([{ ...later, category: 'exempt' }])).rejects.toThrow('taxRates[0].percent: ');
    await expect(applied([{ ...later, validFrom: 'July' }])).rejects.toThrow('expected a day such as 2026-01-01');
    expect(await kept()).toEqual(both);
    expect(
      await rows(
        `SELECT action, count(*)::integer AS times FROM audit_log WHERE noun = 'tax_rate' GROUP BY 1 ORDER BY 1`,
      ),
    ).toEqual([
      { action: 'added', times: 2 },
      { action: 'ended', times: 1 },
    ]);
  });

  it('each number their invoices without a gap, and every invoice keeps what its seller was', async () => {
    const definition = aPlanDefinition({ fixedFee: '5.00' });
    const own = await aSubscription(database, { definition });
    const other = await aSubscription(database, { definition, organizationName: 'Grace Ltd' });
    expect((await soldByBerlin(other)).map(({ action, noun, name }) => `${action} ${noun} ${name}`)).toEqual([
      'create seller Sky GmbH',
      expect.stringMatching(/^update publisher/),
    ]);
    expect(await soldByBerlin(other)).toEqual([]);
    await close('2026-03-01T02:00:00Z');
    await close('2026-04-01T02:00:00Z');
    expect(await invoices()).toMatchObject([
      { number: 'INV-000001', seller: 'default', name: 'Tollgate' },
      { number: 'INV-000002', seller: 'default' },
      { number: 'SKYDE-000001', seller: 'berlin', name: 'Sky GmbH' },
      { number: 'SKYDE-000002', seller: 'berlin' },
    ]);
    expect(await verifyLedger(database.context)).toMatchObject({ ok: true });

    const german = (await invoices())[2]!;
    await apply({ sellers: [{ ...berlin, name: 'Sky SE', addressLines: ['Alexanderplatz 1'] }] });
    const { slug: _, invoicePrefix: __, ...kept } = berlin;
    expect((await findInvoiceDocument(database.context, { invoiceId: german.id })).seller).toEqual({
      ...kept,
      bankAccount: { iban: 'DE89370400440532013000', bic: 'COBADEFFXXX', referenceText: null },
    });
    let csv = '';
    for await (const piece of exportInvoicesCsv(database.context, { invoiceId: german.id })) csv += piece;
    expect(csv).toContain('Sky GmbH');
    await close('2026-05-01T02:00:00Z');
    expect((await invoices()).filter(({ seller }) => seller === 'berlin').at(-1)).toMatchObject({
      number: 'SKYDE-000003',
      name: 'Sky SE',
    });
    await expect(rows(`UPDATE invoice SET seller = '{}'`)).rejects.toThrow(/only its state and payment/);
    await expect(rows(`UPDATE invoice SET seller_slug = 'berlin' WHERE seller_slug = 'default'`)).rejects.toThrow(
      /only its state and payment/,
    );
    expect(own.id).not.toBe(other.id);
  });

  it('have each a series of their own in the proof: a gap of one is not filled by another', async () => {
    const definition = aPlanDefinition({ fixedFee: '5.00' });
    await aSubscription(database, { definition });
    await soldByBerlin(await aSubscription(database, { definition, organizationName: 'Grace Ltd' }));
    await close('2026-03-01T02:00:00Z');
    await tamper(database, `UPDATE invoice SET number = 'SKYDE-000002' WHERE number = 'SKYDE-000001'`);
    const { checks } = await verifyLedger(database.context);
    expect(checks.find(({ name }) => name === 'invoices')!.difference).toMatchObject({
      row: 'invoice number 1 of seller berlin',
    });
  });

  it.each([
    ['a prefix that another has', { sellers: [{ ...berlin, invoicePrefix: 'INV' }] }, /prefix INV .* another seller/],
    [
      'one prefix for two',
      { sellers: [berlin, { ...berlin, slug: 'bonn' }] },
      /invoice prefixes: "SKYDE" is there twice/,
    ],
    [
      'one name for two',
      { sellers: [berlin, { ...berlin, invoicePrefix: 'BONN' }] },
      /sellers: "berlin" is there twice/,
    ],
    ['a name that is taken', { sellers: [{ ...berlin, slug: 'default' }] }, /sellers: "default" is there twice/],
    [
      'a publisher of a seller that is not there',
      { publishers: [{ slug: 'sky', name: 'Sky', seller: 'rome' }] },
      /publishers\.sky\.seller: there is no seller "rome"/,
    ],
  ])('are refused with %s', async (_, parts, message) => {
    await expect(apply(parts)).rejects.toThrow(message);
    expect(await rows(`SELECT slug FROM seller`)).toEqual([{ slug: 'default' }]);
  });

  it('do not take a prefix over that another has numbered invoices with', async () => {
    await soldByBerlin(await aSubscription(database, { definition: aPlanDefinition({ fixedFee: '5.00' }) }));
    await close('2026-03-01T02:00:00Z');
    await apply({ sellers: [{ ...berlin, invoicePrefix: 'NEW' }] });
    await expect(apply({ sellers: [{ ...berlin, slug: 'bonn', invoicePrefix: 'SKYDE' }] })).rejects.toMatchObject({
      code: 'invoice_prefix_taken',
    });
  });

  it('date an invoice no earlier than the one with the number before, whoever waited for a number', async () => {
    const { id: invoiceId } = await reviewed();
    const issuing = await withClient(database.superuserUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(`UPDATE seller SET last_invoice_sequence = last_invoice_sequence`);
      const issued = issueReviewed(database.context, { invoiceId, actor: { kind: 'cli', id: null } });
      await eventually(
        async () => (await client.query(`SELECT FROM pg_locks WHERE NOT granted`)).rowCount,
        (waiting) => waiting === 1,
      );
      database.clock.moveTo('2026-03-02T00:00:00Z');
      await client.query('COMMIT');
      return issued;
    });
    expect(issuing.number).toBe('INV-000001');
    expect(await rows(`SELECT issued_at AS at FROM invoice`)).toEqual([{ at: new Date('2026-03-02T00:00:00Z') }]);
  });

  it('do not hold up the invoices of one another', async () => {
    const own = await aSubscription(database);
    const other = await aSubscription(database, { organizationName: 'Grace Ltd' });
    await soldByBerlin(other);
    await close('2026-03-01T02:00:00Z');
    for (const { organizationId } of [own, other])
      await setReviewWindow(database.context, { organizationId, hours: 24, actor: { kind: 'cli', id: null } });
    await close('2026-04-01T02:00:00Z');
    await tamper(database, `UPDATE seller SET last_invoice_sequence = 0 WHERE slug = 'default'`);
    database.clock.moveTo('2026-04-02T02:00:00Z');
    const [stuck] = await rows<{ id: string }>(
      `SELECT id FROM invoice WHERE number IS NULL AND seller_slug = 'default'`,
    );
    await expect(issueDueInvoices(database.context)).rejects.toThrow(stuck!.id);
    const numbers = async () => (await invoices()).map(({ number }) => number);
    expect(await numbers()).toEqual(['INV-000001', 'SKYDE-000001', 'SKYDE-000002', null]);
    await tamper(database, `UPDATE seller SET last_invoice_sequence = 1 WHERE slug = 'default'`);
    expect(await issueDueInvoices(database.context)).toBe(1);
    expect(await numbers()).toEqual(['INV-000001', 'INV-000002', 'SKYDE-000001', 'SKYDE-000002']);
  });
});
