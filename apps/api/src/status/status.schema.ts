import { z } from 'zod';
import { instant } from '../contract/value.schema.js';

const state = z.enum(['operational', 'degraded', 'down']);

export const status = z
  .object({
    calls: state.describe('Whether calls to the APIs are answered.'),
    usage: state.describe('Whether usage shows up as soon as it should; degraded: later, and nothing is lost.'),
    at: instant.describe('When it was so.'),
  })
  .meta({ id: 'ServiceStatus' });
