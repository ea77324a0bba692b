/** The theme as an attribute of the document; tokens.css does the rest. Remembered here so that the first paint has it. */

/** What the operator can choose. */
export type Theme = 'system' | 'light' | 'dark';
const key = 'theme';

/** Applies and remembers a theme. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(key, theme);
}

/** Applies what was remembered, before the node has answered. */
export function applyRememberedTheme(): void {
  const theme = localStorage.getItem(key);
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
}

/** The colour a token resolves to now, for drawing on a canvas. */
export function tokenColor(token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
