import { appendChange } from '#persistence';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tamper } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../support/gateway.js';

let under: GatewayUnderTest;
beforeEach(async () => {
  under = await startGatewayUnderTest();
  expect(await status()).toBe(200);
});
afterEach(() => under.dispose());

const status = async () => (await under.call('/things')).status;

/** Changes what a call depends on, and tells nobody. */
function suspendSilently(isSuspended: boolean): Promise<void> {
  const { database, consumer } = under;
  return database.unitOfWork.inSystem(async (transaction) => {
    const at = isSuspended ? database.clock.now() : null;
    await transaction.query('UPDATE application SET suspended_at = $2 WHERE id = $1', [consumer.application.id, at]);
  });
}

/** A change of the application that is `ahead` of the number that is due, 0 for none; without a notification. */
function writeChange(ahead: number): Promise<void> {
  const { database, consumer } = under;
  return database.unitOfWork.inSystem(async (transaction) => {
    await transaction.query(
      `INSERT INTO change_log (number, noun, noun_id, created_at)
       SELECT max(number) + 1 + $1, 'application', $2, $3 FROM change_log`,
      [ahead, ahead === 0 ? consumer.application.id : database.context.ids.next(), database.clock.now()],
    );
  });
}

describe('a gateway that follows the change log', () => {
  it('learns of a change also without a notification', async () => {
    await suspendSilently(true);
    await writeChange(0);
    await eventually(status, (seen) => seen === 403);
  });

  it('reads everything anew, once, when a number is missing', async () => {
    await suspendSilently(true);
    await writeChange(1);
    await eventually(status, (seen) => seen === 403);
    await suspendSilently(false);
    const { database } = under;
    await database.unitOfWork.inSystem((transaction) =>
      appendChange(transaction, 'application', database.context.ids.next(), database.clock.now()),
    );
    await under.sync();
    expect(await status()).toBe(403);
  });

  it('reads everything anew when the log ends before what it knows, as after a restored backup', async () => {
    await suspendSilently(true);
    await tamper(under.database, 'DELETE FROM change_log WHERE number = (SELECT max(number) FROM change_log)');
    await eventually(status, (seen) => seen === 403);
    await under.sync();
  });
});
