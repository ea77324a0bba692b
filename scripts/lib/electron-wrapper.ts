/** The shell script that starts Electron for a journey: an ordinary user, a virtual display, and a D-Bus session with a real, unlocked keyring; or none of the latter two, as on a rig. */

/** Which Electron, as whom (`user` null means the current one), and the home folder whose keyring lasts over restarts of one run. `bare` has neither screen nor session. */
export type WrapperOptions = { electron: string; user: string | null; home: string; bare?: boolean };

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Text of the wrapper; it passes all its arguments to Electron. */
export function electronWrapper({ electron, user, home, bare = false }: WrapperOptions): string {
  const session = [
    'set -e',
    'printf keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1',
    `exec ${quoted(electron)} "$@"`,
  ].join('\n');
  const becomes = user === null ? '' : `runuser -u ${quoted(user)} -- `;
  const folders = { HOME: home, XDG_RUNTIME_DIR: `${home}/run`, XDG_CONFIG_HOME: `${home}/config`, XDG_DATA_HOME: `${home}/data`, XDG_CACHE_HOME: `${home}/cache` };
  const environment = Object.entries(folders).map(([name, folder]) => `${name}=${quoted(folder)}`).join(' ');
  // A journey may put tools of its own before the system's, such as one that stands in for a driver's.
  const path = '${CONSOLE_E2E_TOOLS:+$CONSOLE_E2E_TOOLS:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const start = bare
    ? `env -u DISPLAY -u WAYLAND_DISPLAY ${quoted(electron)} "$@"`
    : `xvfb-run -a -s '-screen 0 1440x1000x24' dbus-run-session -- sh -c ${quoted(session)} console "$@"`;
  return `#!/bin/sh
# Made for one test run.
cd /
exec ${becomes}env -u DBUS_SESSION_BUS_ADDRESS PATH="${path}" ${environment} \\
  ${start}
`;
}
