/** The file that starts the console at login on Linux, by the Desktop Application Autostart and Desktop Entry specifications of freedesktop.org. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where desktops look for it. */
export const autostartFile = (env: NodeJS.ProcessEnv): string => join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'autostart', 'operator-console.desktop');

/** One argument of Exec: quoted, its special characters escaped; a percent sign would be a field code. */
const quoted = (argument: string): string => `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;
/** A value of type string: a backslash and a line break would be read as escapes. */
const value = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** Text of the file. */
export function autostartEntry({ name, comment, command }: { name: string; comment: string; command: readonly string[] }): string {
  return ['[Desktop Entry]', 'Type=Application', `Name=${value(name)}`, `Comment=${value(comment)}`, `Exec=${value(command.map(quoted).join(' '))}`, 'Terminal=false', 'X-GNOME-Autostart-enabled=true', ''].join('\n');
}
