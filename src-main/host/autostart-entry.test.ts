/** The autostart file runs the very command, whatever characters its paths hold. */
import { describe, expect, it } from 'vitest';
import { autostartEntry, autostartFile } from './autostart-entry.ts';

describe('autostartEntry', () => {
  it('is a desktop entry', () => {
    expect(autostartEntry({ name: 'Operator Console', comment: 'Starts', command: ['/opt/Operator Console/operator-console', '--hidden'] })).toBe(
      '[Desktop Entry]\nType=Application\nName=Operator Console\nComment=Starts\nExec="/opt/Operator Console/operator-console" "--hidden"\nTerminal=false\nX-GNOME-Autostart-enabled=true\n',
    );
  });
  it.each([
    ['/a"b', '"/a\\\\"b"'],
    ['/a$b`c', '"/a\\\\$b\\\\`c"'],
    ['/100%/x', '"/100%%/x"'],
    ['/a\\b', '"/a\\\\\\\\b"'],
    ['/a\nExec=evil', '"/a\\nExec=evil"'],
  ])('escapes %j', (path, expected) => {
    const line = autostartEntry({ name: 'n', comment: 'c', command: [path] }).split('\n')[4];
    expect(line).toBe(`Exec=${expected}`);
  });
  it('lies where the desktop looks', () => {
    expect(autostartFile({ XDG_CONFIG_HOME: '/c' })).toBe('/c/autostart/operator-console.desktop');
    expect(autostartFile({})).toMatch(/\.config\/autostart\/operator-console\.desktop$/);
  });
});
