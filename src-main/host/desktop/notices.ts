/** Shows notices of the system; a click leads to the place that mends it (product.md, Notifications). */
import { Notification } from 'electron';

/** What is shown. */
export type ShownNotice = { title: string; body: string; onClick(): void };

/** Kept until they close: a notice that is collected loses its click. */
const open = new Set<Notification>();

/** Shows one; where the system shows none, nothing happens, for the window has the same alerts. */
export function showNotice({ title, body, onClick }: ShownNotice): void {
  if (!Notification.isSupported()) return;
  const notice = new Notification({ title, body });
  open.add(notice);
  notice.on('click', () => {
    open.delete(notice);
    onClick();
  });
  notice.on('close', () => open.delete(notice));
  notice.show();
}
