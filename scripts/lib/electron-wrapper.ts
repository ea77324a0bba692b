/** The shell script that starts Electron for a journey: an ordinary user, a virtual display, and a D-Bus session with a real, unlocked keyring. */

/** Which Electron, and as whom; `user` null means the current one. */
export type WrapperOptions = { electron: string; user: string | null };

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Text of the wrapper; it passes all its arguments to Electron. */
export function electronWrapper({ electron, user }: WrapperOptions): string {
  const session = [
    'set -e',
    'printf keyring | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1',
    `exec ${quoted(electron)} "$@"`,
  ].join('\n');
  const becomes = user === null ? '' : `runuser -u ${quoted(user)} -- `;
  return `#!/bin/sh
# Made for one test run.
home=$(mktemp -d)
${user === null ? '' : `chown ${quoted(user)} "$home"\n`}mkdir -p "$home/run"
chmod 700 "$home" "$home/run"
${user === null ? '' : `chown ${quoted(user)} "$home/run"\n`}cd /
exec ${becomes}env HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$home/cache" DBUS_SESSION_BUS_ADDRESS= \\
  xvfb-run -a -s '-screen 0 1440x1000x24' dbus-run-session -- sh -c ${quoted(session)} console "$@"
`;
}
