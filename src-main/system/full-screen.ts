/** Whether a full-screen application that is not ours is in front, as far as this system tells (product.md, Hardware: pause while a game or full-screen application runs). */
import type { RunProgram } from './nvidia-smi.ts';

/** The answer with what it rests on, or why there is none. */
export type FullScreen = { status: 'free' | 'in_use' | 'unknown'; detail: string | null };

type Deps = { run: RunProgram; platform: NodeJS.Platform; env: Readonly<Record<string, string | undefined>>; isOwn(pid: number): boolean };

const timeoutMs = 2_000;
const unknown = (detail: string): FullScreen => ({ status: 'unknown', detail });

/** The active window's id in the root window's properties; null when there is none. */
export const activeWindow = (root: string): string | null => {
  const id = /_NET_ACTIVE_WINDOW\(WINDOW\): window id # (0x[0-9a-f]+)/i.exec(root)?.[1] ?? null;
  return id === null || /^0x0+$/.test(id) ? null : id;
};

/** What a window's properties say: its process, its name, and whether it fills the screen. */
export const windowFacts = (properties: string): { pid: number | null; name: string; fullScreen: boolean } => {
  const pid = /_NET_WM_PID\(CARDINAL\) = (\d+)/.exec(properties)?.[1];
  return {
    pid: pid === undefined ? null : Number(pid),
    name: /WM_CLASS\(STRING\) = (?:"[^"]*", )?"([^"]*)"/.exec(properties)?.[1] ?? 'an application',
    fullScreen: /_NET_WM_STATE\(ATOM\) = .*_NET_WM_STATE_FULLSCREEN/.test(properties),
  };
};

/** Looks once. Never rejects. */
export async function lookForFullScreen({ run, platform, env, isOwn }: Deps): Promise<FullScreen> {
  if (platform !== 'linux') return unknown('Full-screen applications cannot be told on this system; a foreign load on a GPU can.');
  const isWayland = env['XDG_SESSION_TYPE'] === 'wayland' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  if ((env['DISPLAY'] ?? '') === '') return unknown(isWayland ? 'Wayland does not tell applications apart; a foreign load on a GPU can be told.' : 'There is no desktop here.');
  try {
    const id = activeWindow(await run('xprop', ['-root', '_NET_ACTIVE_WINDOW'], timeoutMs));
    // Under Wayland only windows of X11 programs are seen, which most games are; seeing none proves nothing.
    if (id === null) return isWayland ? unknown('Wayland shows windows of X11 programs alone, and none is in front.') : { status: 'free', detail: null };
    const { pid, name, fullScreen } = windowFacts(await run('xprop', ['-id', id, '_NET_WM_STATE', '_NET_WM_PID', 'WM_CLASS'], timeoutMs));
    return fullScreen && (pid === null || !isOwn(pid)) ? { status: 'in_use', detail: name } : { status: 'free', detail: null };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return unknown('xprop is not installed, which tells of full-screen windows.');
    return unknown('The desktop did not answer.');
  }
}
