import type { Command } from './command.js';
import { EXIT } from './exit.js';

const ASKS = new Set(['help', '--help', '-h']);
const EXIT_CODES =
  'Exit codes: 0 done, 1 the answer is no, 2 wrong command line or settings, 3 refused, 4 not reachable.';

/** What is said instead of running a command. */
export interface Help {
  readonly text: string;
  /** 0 when help was asked for. */
  readonly exitCode: number;
}

/**
 * Help for words that are no command: all commands for none, those that begin as they do for the first words of some
 * (`keys`, `keys --help`, `help keys`, `keys nothing`), and where to look for others.
 */
export function helpFor(commands: readonly Command[], words: readonly string[]): Help {
  const named = words.filter((word) => !ASKS.has(word));
  const isAsked = words.length === 0 || named.length < words.length;
  if (named.length === 0) return { text: allOf(commands), exitCode: EXIT.ok };
  const group = largestGroup(commands, named);
  if (isAsked && group.length > 0) return { text: `${listed(group)}\n`, exitCode: EXIT.ok };
  const others = group.length > 0 ? `There are:\n\n${listed(group)}` : '`tollgate help` lists all there are.';
  return { text: `There is no command "${named.slice(0, 2).join(' ')}". ${others}\n`, exitCode: EXIT.usage };
}

/** The commands that share most of their first words with these; none when not even the first. */
function largestGroup(commands: readonly Command[], words: readonly string[]): readonly Command[] {
  for (let count = words.length; count > 0; count--) {
    const group = commands.filter(({ words: name }) => words.slice(0, count).every((word, at) => name[at] === word));
    if (group.length > 0) return group;
  }
  return [];
}

function allOf(commands: readonly Command[]): string {
  return `tollgate: the command line of Tollgate\n\n${listed(commands)}\n\n${EXIT_CODES}\n`;
}

function listed(commands: readonly Command[]): string {
  return commands
    .map(({ words, options, summary }) => `  ${[...words, options].join(' ').trimEnd()}\n      ${summary}`)
    .join('\n');
}
