import { describe } from 'vitest';
import { holdSimulationsToTheirInvoices } from '../support/kept-invoices.js';

describe('long simulations', () => holdSimulationsToTheirInvoices('long'));
