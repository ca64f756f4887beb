// Closes periods and makes their invoices by the steps of the worker, but without its proof of the usage: that reads every
// event once more, which is what is measured afterwards.
const internal = (file) => import(`../../dist/libs/services/src/${file}.js`);

/** Closes every period that has ended, a hundred in a transaction. Returns how many. */
export async function closePeriodsUnproven(context) {
  const { closePeriodRows, listDuePeriods, lockPeriodsForClosing } =
    await import('../../dist/libs/persistence/src/subscription/billing-period-repository.js');
  const { ensureNextPeriods } = await internal('period/ensure-next-periods');
  const { ratePeriodsFromLedger } = await internal('period/rate-from-ledger');
  const { payWithCredits } = await internal('credit/pay-with-credits');
  const { makeInvoices } = await internal('invoice/issue-invoice');
  const { unitOfWork, clock } = context;
  let closed = 0;
  for (;;) {
    const due = await unitOfWork.inSystem((transaction) =>
      listDuePeriods(transaction, clock.now(), { after: null, limit: 100 }),
    );
    if (due.length === 0) return closed;
    await ensureNextPeriods(context, due);
    await unitOfWork.inSystem(async (transaction) => {
      const periods = await lockPeriodsForClosing(transaction, due);
      const found = await ratePeriodsFromLedger(context, transaction, periods);
      const rated = await payWithCredits(transaction, periods, found);
      await closePeriodRows(transaction, periods, clock.now());
      await makeInvoices(
        context,
        transaction,
        periods.flatMap((period, index) => (rated[index] ? [{ period, rated: rated[index] }] : [])),
      );
    });
    closed += due.length;
  }
}
