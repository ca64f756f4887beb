import type { Command } from './command.js';
import { callerCommands } from './command-lists/callers.js';
import { catalogCommands } from './command-lists/catalog.js';
import { collectionCommands } from './command-lists/collection.js';
import { invoiceCommands } from './command-lists/invoices.js';
import { operationCommands } from './command-lists/operations.js';
import { organizationCommands } from './command-lists/organizations.js';
import { planCommands } from './command-lists/plans.js';
import { proofCommands } from './command-lists/proofs.js';
import { reportCommands } from './command-lists/reports.js';
import { subscriptionCommands } from './command-lists/subscriptions.js';
import { usageCommands } from './command-lists/usage.js';

/** Every command of `tollgate`, in the order that the help shows them. */
export const commands: readonly Command[] = [
  ...catalogCommands,
  ...callerCommands,
  ...usageCommands,
  ...reportCommands,
  ...planCommands,
  ...invoiceCommands,
  ...collectionCommands,
  ...proofCommands,
  ...subscriptionCommands,
  ...organizationCommands,
  ...operationCommands,
];
