import { describe } from 'vitest';
import { holdSimulationsToTheirInvoices } from '../support/kept-invoices.js';

describe('more simulations', () => holdSimulationsToTheirInvoices('two'));
