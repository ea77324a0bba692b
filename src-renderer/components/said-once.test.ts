/** What a page says once, and what stays with the card that failed alone. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import { sharedFailures } from './said-once.ts';

const silent = (): AppError => new AppError('chain.unreachable', { endpoint: 'https://one.example' });
const other = (): AppError => new AppError('bridge.unreachable', {});
const asked: string[] = [];
const failure = (
  error: AppError,
  shownAtMs: number | null,
  name = '',
): Parameters<typeof sharedFailures>[0] extends Iterable<infer F> ? F : never => ({
  error,
  shownAtMs,
  again: () => asked.push(name),
});

describe('sharedFailures', () => {
  it.each([
    ['nothing failed', [], []],
    ['one card failed alone', [failure(silent(), null)], []],
    ['two cards for two reasons', [failure(silent(), null), failure(other(), null)], []],
    ['two for one reason', [failure(silent(), null), failure(silent(), null)], [[silent().message, null]]],
    ['one shows what is old, one nothing', [failure(silent(), 5), failure(silent(), null)], [[silent().message, null]]],
    ['all show what is old', [failure(silent(), 9), failure(silent(), 5)], [[silent().message, 5]]],
    [
      'two for one reason beside one for another',
      [failure(silent(), 1), failure(other(), 2), failure(silent(), 3)],
      [[silent().message, 1]],
    ],
  ])('%s', (_, failures, said) => {
    expect(sharedFailures(failures).map(({ error, oldestMs }) => [error.message, oldestMs])).toEqual(said);
  });

  it('asks all of them again, and nobody else', () => {
    const [shared] = sharedFailures([
      failure(silent(), null, 'a'),
      failure(other(), null, 'b'),
      failure(silent(), null, 'c'),
    ]);
    shared?.again();
    expect(asked).toEqual(['a', 'c']);
  });
});
