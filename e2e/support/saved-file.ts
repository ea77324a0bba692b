/** A file that the window saves, read back: a browser's download, and on the desktop what Electron writes once the system's dialog was answered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { ConsoleUnderTest } from './launch.ts';

/** Does what saves a file and returns its suggested name and its text; the desktop's file lies in the data folder, where its user may write. */
export async function savedFile(console: ConsoleUnderTest, act: (page: Page) => Promise<void>): Promise<{ name: string; text: string }> {
  const app = console.electron();
  if (app === null) {
    const download = console.page.waitForEvent('download');
    await act(console.page);
    const saved = await download;
    return { name: saved.suggestedFilename(), text: (await (await saved.createReadStream()).toArray()).join('') };
  }
  const path = join(console.dataDir, 'saved-by-a-journey');
  // The path stands for the answer to the dialog; what the host refuses to save ends here as refused.
  const saving = await app.evaluateHandle(({ BrowserWindow }, to) => {
    const { session } = BrowserWindow.getAllWindows()[0]!.webContents;
    const ended = new Promise<{ state: string; name: string }>((resolve) => {
      session.once('will-download', (event, item) => {
        const name = item.getFilename();
        if (event.defaultPrevented) return resolve({ state: 'refused', name });
        item.setSavePath(to);
        item.once('done', (_event, state) => resolve({ state, name }));
      });
    });
    return { ended };
  }, path);
  await act(console.page);
  const { state, name } = await saving.evaluate(({ ended }) => ended);
  if (state !== 'completed') throw new Error(`the file was not saved: ${state}`);
  return { name, text: readFileSync(path, 'utf8') };
}
