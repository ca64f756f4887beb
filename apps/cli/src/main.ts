import { SettingsError } from '#config';
import { TollgateError } from '#domain';
import { commands } from './commands.js';
import { EXIT, UnavailableError, UsageError } from './exit.js';
import { helpFor } from './help.js';

/** Finds the command, runs it, and turns what went wrong into a sentence and an exit code. */
async function main(words: readonly string[]): Promise<number> {
  const found = commands.find(({ words: name }) => name.every((word, index) => words[index] === word));
  if (!found) {
    const { text, exitCode } = helpFor(commands, words);
    (exitCode === EXIT.ok ? process.stdout : process.stderr).write(text);
    return exitCode;
  }
  const rest = words.slice(found.words.length);
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`tollgate ${found.words.join(' ')} ${found.options}\n\n${found.summary}\n`);
    return EXIT.ok;
  }
  return found.run(rest);
}

function explain(error: unknown): { readonly message: string; readonly code: number } {
  if (error instanceof UsageError) return { message: error.message, code: EXIT.usage };
  if (error instanceof UnavailableError) return { message: error.message, code: EXIT.unavailable };
  if (error instanceof SettingsError) {
    return {
      message: `${error.message}\nStart Tollgate once with \`npm start\`, or set these variables.`,
      code: EXIT.usage,
    };
  }
  if (error instanceof TollgateError) return { message: `${error.message} (${error.code})`, code: EXIT.refused };
  const cause = error as NodeJS.ErrnoException;
  if (cause.code === 'ECONNREFUSED' || cause.code === 'ENOTFOUND' || cause.code === '57P03') {
    return {
      message: `The database or queue does not answer (${cause.code}). Is \`npm start\` running?`,
      code: EXIT.unavailable,
    };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.failed };
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { message, code } = explain(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = code;
}
