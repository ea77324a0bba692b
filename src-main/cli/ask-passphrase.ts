/** Asks for the passphrase on the terminal, without echo; where nobody can be asked it says what to give instead. */
import type { ReadStream } from 'node:tty';
import type { Writable } from 'node:stream';
import { AppError } from '../../src-shared/errors.ts';

type Terminal = { stdin: Pick<ReadStream, 'isTTY' | 'setRawMode' | 'on' | 'off' | 'resume' | 'pause'>; prompt: Writable };

/** Resolves with the line that was typed. @throws AppError host.bad_flag without a terminal, intent.declined on Ctrl-C */
export function askPassphrase({ stdin, prompt }: Terminal): Promise<string> {
  if (!stdin.isTTY) return Promise.reject(new AppError('host.bad_flag', { detail: 'the keys need their passphrase: add --passphrase-file FILE, or run this on a terminal' }));
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (act: () => void): void => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      prompt.write('\n');
      act();
    };
    const onData = (data: Buffer): void => {
      for (const key of data.toString('utf8')) {
        if (key === '\r' || key === '\n') return end(() => resolve(typed));
        if (key === '\u0003' || key === '\u0004') return end(() => reject(new AppError('intent.declined')));
        typed = key === '\u007f' || key === '\b' ? [...typed].slice(0, -1).join('') : typed + key;
      }
    };
    prompt.write('Passphrase: ');
    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.resume();
  });
}
