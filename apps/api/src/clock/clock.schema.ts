import { z } from 'zod';
import { instant, instantInput } from '../contract/value.schema.js';

export const moveClockRequest = z.strictObject({ to: instantInput }).meta({ id: 'MoveClockRequest' });
export const clockAnswer = z.object({ now: instant }).meta({ id: 'ClockAnswer' });
