/** Whether the console starts in the tray, without its window (issue: start at login and hidden). */

type Start = {
  /** The command line says so. */
  asked: boolean;
  /** The system's own login list started it. Only macOS tells; it hands a login item no arguments, so that nothing is asked there. */
  openedAtLogin: boolean;
  /** What the operator chose for starts at login. Rejects where the settings cannot be read. */
  chosen(): Promise<boolean>;
};

/** Never rejects: a console whose settings cannot be read shows its window. */
export async function startsHidden({ asked, openedAtLogin, chosen }: Start): Promise<boolean> {
  if (asked || !openedAtLogin) return asked;
  return chosen().catch(() => false);
}
