import { reaggregateUsage } from '#services';
import { parseInstant, parseOptions, required } from '../arguments.js';
import { EXIT } from '../exit.js';
import { print, printJson } from '../output.js';
import { withSession } from '../session.js';

/** `tollgate usage reaggregate`: adds events up anew and prints each rollup row that says something else. */
export async function usageReaggregate(words: readonly string[]): Promise<number> {
  const options = parseOptions(words, {
    from: { type: 'string' },
    to: { type: 'string' },
    json: { type: 'boolean' },
  });
  const span = {
    from: parseInstant(required(options.from, '--from'), '--from'),
    to: parseInstant(required(options.to, '--to'), '--to'),
  };
  const { compared, differing } = await withSession(({ context }) =>
    reaggregateUsage(context, span, async (difference) => {
      const { row, expected, actual } = difference;
      if (options.json) await printJson(difference);
      else await print(`${row}\n  expected ${expected}\n  actual   ${actual}\n`);
    }),
  );
  if (options.json) await printJson({ compared, differing });
  else await print(`${compared} rows compared, ${differing} differ.\n`);
  return differing === 0 ? EXIT.ok : EXIT.negative;
}
