/** What an entry prints when the console cannot run: the sentence, and for a bug where it came from (architecture.md, "Errors"). */
import type { AppError } from '../../src-shared/errors.ts';
import { redactText } from '../log/redact.ts';

/** Text for stderr, with its newline; secrets in a foreign message are masked. */
export function fatalText(error: AppError): string {
  const cause = error.kind === 'bug' && error.cause !== undefined ? `\n${redactText(error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause))}` : '';
  return `${error.message}${cause}\n`;
}
