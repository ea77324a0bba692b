/** What each vendor's tool prints, in the forms that several of its versions use: pmon, rocm-smi, amdgpu's files, xpu-smi, i915's files, ioreg, xprop; and what absent tools cost. Composed samples, not recorded from one machine. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseRocmSmi } from './amd-gpus.ts';
import { parseIoreg } from './apple-gpus.ts';
import { activeWindow, lookForFullScreen, windowFacts } from './full-screen.ts';
import { offeredGpus } from './hardware.ts';
import { parseXpuSmi } from './intel-gpus.ts';
import { parseProcesses } from './nvidia-smi.ts';
import { createGpuQuery } from './query-gpus.ts';

const folder = mkdtempSync(join(tmpdir(), 'gpu-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sysOf = (name: string, files: Record<string, string>): string => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
};
const absent = (file: string): Promise<never> => Promise.reject(Object.assign(new Error(`spawn ${file} ENOENT`), { code: 'ENOENT' }));

describe('pmon', () => {
  const old = '# gpu        pid  type    sm   mem   enc   dec   command\n# Idx          #   C/G     %     %     %     %   name\n    0       1872     G     3     1     -     -   Xorg\n    0       4410     C    97    40     -     -   python3 serve.py\n    1          -     -     -     -     -     -   -\n';
  const recent = '# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command \n# Idx           #    C/G      %      %      %      %      %      %    name \n    0       2071   C+G      -      -      -      -      -      -    game.exe     \n';
  it('reads both headings, and dashes as not told', () => {
    expect(parseProcesses(old)).toEqual([{ pid: 1872, name: 'Xorg', utilPct: 3 }, { pid: 4410, name: 'python3 serve.py', utilPct: 97 }]);
    expect(parseProcesses(recent)).toEqual([{ pid: 2071, name: 'game.exe', utilPct: null }]);
    expect(parseProcesses('Not supported on the device(s)\n')).toEqual([]);
  });
});

describe('AMD', () => {
  const rocm6 = '{"card0": {"Card Series": "Radeon RX 7900 XT", "Card Model": "0x744c", "Unique ID": "0x1f2e", "GPU use (%)": "12", "VRAM Total Memory (B)": "21458059264", "VRAM Total Used Memory (B)": "27856896", "Temperature (Sensor edge) (C)": "31.0", "Temperature (Sensor junction) (C)": "38.0", "Current Socket Graphics Package Power (W)": "7.222", "Max Graphics Package Power (W)": "265.0"}, "system": {"Driver version": "6.8.5"}}';
  const rocm2 = 'WARNING: one card has no fan\n{"card0": {"Average Graphics Package Power (W)": "222.0", "Temperature (Sensor mem) (c)": "79.0", "Temperature (Sensor junction) (c)": "103.0", "Temperature (Sensor edge) (c)": "77.0"}, "card1": {"Average Graphics Package Power (W)": "N/A (Secondary die)", "Unique ID": "N/A"}}';
  it('reads rocm-smi of different ages', () => {
    expect(parseRocmSmi(rocm6)).toEqual([
      { uuid: '0x1f2e', vendor: 'amd', tool: 'rocm-smi', model: 'Radeon RX 7900 XT', driver: null, vramTotalMib: 20464, vramUsedMib: 27, utilPct: 12, tempC: 31, powerW: 7.222, powerLimitW: 265, computeCapability: null },
    ]);
    expect(parseRocmSmi(rocm2).map(({ uuid, tempC, powerW, utilPct }) => [uuid, tempC, powerW, utilPct])).toEqual([['card0', 77, 222, null], ['card1', null, null, null]]);
    expect([parseRocmSmi('No AMD GPUs found'), parseRocmSmi('{"card0": ')]).toEqual([[], []]);
  });
  it('reads the files of amdgpu, and leaves other vendors alone', async () => {
    const sysRoot = sysOf('amd', {
      'card0/device/vendor': '0x1af4\n',
      'card1/device/vendor': '0x1002\n', 'card1/device/device': '0x744c\n', 'card1/device/uevent': 'DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0\n', 'card1/device/gpu_busy_percent': '64\n',
      'card1/device/mem_info_vram_total': '21458059264\n', 'card1/device/mem_info_vram_used': '1073741824\n', 'card1/device/hwmon/hwmon3/temp1_input': '66000\n', 'card1/device/hwmon/hwmon3/power1_average': '212000000\n', 'card1/device/hwmon/hwmon3/power1_cap': '265000000\n',
      'card1-DP-1/status': 'connected\n',
    });
    const { gpus, problems } = await createGpuQuery({ run: absent, now: () => 0, platform: 'linux', sysRoot })();
    expect(problems).toEqual([]);
    expect(gpus).toEqual([
      { uuid: '0000:03:00.0', vendor: 'amd', tool: 'amdgpu', model: 'AMD graphics 0x744c', driver: 'amdgpu', vramTotalMib: 20464, vramUsedMib: 1024, utilPct: 64, tempC: 66, powerW: 212, powerLimitW: 265, computeCapability: null },
    ]);
  });
});

describe('Intel', () => {
  const discovery = '{"device_list":[{"device_function_type":"physical","device_id":0,"device_name":"Intel(R) Arc(TM) A770 Graphics","device_type":"GPU","pci_bdf_address":"0000:4d:00.0","uuid":"00000000-0000-004d-0000-000856a08086","memory_physical_size_byte":"17079205888"}]}';
  const dump = 'Timestamp, DeviceId, GPU Utilization (%), GPU Power (W), GPU Core Temperature (Celsius Degree), GPU Memory Used (MiB)\n06:14:46.000,    0, 0.30, 40.21,  , 25.55\n';
  it('reads xpu-smi by its headings; an empty cell is not told', () => {
    expect(parseXpuSmi(discovery, dump)).toEqual([
      { uuid: '0000:4d:00.0', vendor: 'intel', tool: 'xpu-smi', model: 'Intel(R) Arc(TM) A770 Graphics', driver: null, vramTotalMib: 16288, vramUsedMib: 25.55, utilPct: 0.3, tempC: null, powerW: 40.21, powerLimitW: null, computeCapability: null },
    ]);
    expect(parseXpuSmi(discovery, '')[0]).toMatchObject({ utilPct: null, powerW: null });
    expect(parseXpuSmi('Error: Level Zero Initialization Error', dump)).toEqual([]);
  });
  it('knows built-in graphics by their files, and offers no tier for them', async () => {
    const sysRoot = sysOf('intel', { 'card0/device/vendor': '0x8086\n', 'card0/device/device': '0x9a49\n', 'card0/device/uevent': 'DRIVER=i915\nPCI_SLOT_NAME=0000:00:02.0\n' });
    const { gpus } = await createGpuQuery({ run: absent, now: () => 0, platform: 'linux', sysRoot })();
    expect(gpus).toMatchObject([{ vendor: 'intel', driver: 'i915', model: 'Intel graphics 0x9a49', utilPct: null, tempC: null, vramTotalMib: null }]);
    expect(offeredGpus(gpus)).toEqual([]);
  });
  it('takes the gauges of xpu-smi for the card that it manages', async () => {
    const sysRoot = sysOf('arc', { 'card0/device/vendor': '0x8086\n', 'card0/device/uevent': 'DRIVER=xe\nPCI_SLOT_NAME=0000:4d:00.0\n' });
    const run = (file: string, [verb]: readonly string[]): Promise<string> => (file === 'xpu-smi' ? Promise.resolve(verb === 'dump' ? dump : discovery) : absent(file));
    const { gpus } = await createGpuQuery({ run, now: () => 0, platform: 'linux', sysRoot })();
    expect(gpus.map(({ tool, powerW }) => [tool, powerW])).toEqual([['xpu-smi', 40.21]]);
    expect(offeredGpus(gpus)).toHaveLength(1);
  });
});

describe('Apple', () => {
  const ioreg =
    '+-o AGXAcceleratorG14X  <class AGXAcceleratorG14X, id 0x1000005b1, registered, matched, active, busy 0 (0 ms), retain 104>\n    {\n      "model" = "Apple M2 Pro"\n      "gpu-core-count" = 19\n      "PerformanceStatistics" = {"In use system memory (driver)"=0,"Device Utilization %"=37,"Renderer Utilization %"=36,"In use system memory"=1073741824}\n    }\n';
  it('reads load and memory, and never temperature or power', () => {
    expect(parseIoreg(ioreg)).toEqual([
      { uuid: 'apple-0', vendor: 'apple', tool: 'ioreg', model: 'Apple M2 Pro', driver: null, vramTotalMib: null, vramUsedMib: 1024, utilPct: 37, tempC: null, powerW: null, powerLimitW: null, computeCapability: null },
    ]);
    expect([parseIoreg(''), parseIoreg('+-o IntelAccelerator  <class X>\n  {\n    "model" = "Intel UHD Graphics 630"\n  }\n')]).toEqual([[], []]);
  });
});

describe('absent and broken tools', () => {
  it('are asked once a minute, and a broken one is named', async () => {
    let nowMs = 0;
    const asked: string[] = [];
    const query = createGpuQuery({ run: (file) => (asked.push(file), absent(file)), now: () => nowMs, platform: 'linux', sysRoot: join(folder, 'nothing') });
    for (nowMs of [0, 5_000, 59_999]) expect(await query()).toEqual({ gpus: [], problems: [], source: { kind: 'not_installed' } });
    expect(asked).toEqual(['nvidia-smi', 'rocm-smi']);
    nowMs = 60_000;
    await query();
    expect(asked).toHaveLength(4);
    const broken = createGpuQuery({ run: (file) => (file === 'nvidia-smi' ? Promise.reject(new Error('Driver/library version mismatch')) : absent(file)), now: () => 0, platform: 'linux', sysRoot: join(folder, 'nothing') });
    expect((await broken()).problems).toEqual([{ tool: 'nvidia-smi', detail: 'Driver/library version mismatch' }]);
  });
});

describe('full-screen applications', () => {
  const root = '_NET_ACTIVE_WINDOW(WINDOW): window id # 0x3a00007\n';
  const playing = '_NET_WM_STATE(ATOM) = _NET_WM_STATE_FOCUSED, _NET_WM_STATE_FULLSCREEN\n_NET_WM_PID(CARDINAL) = 4321\nWM_CLASS(STRING) = "steam_app_1", "A Game"\n';
  const look = (env: Record<string, string>, answers: readonly string[] | Error, own = 0, platform: NodeJS.Platform = 'linux') => {
    const left = answers instanceof Error ? [] : [...answers];
    return lookForFullScreen({ run: () => (answers instanceof Error ? Promise.reject(answers) : Promise.resolve(left.shift() ?? '')), platform, env, isOwn: (pid) => pid === own });
  };
  it('reads xprop', () => {
    expect([activeWindow(root), activeWindow('_NET_ACTIVE_WINDOW(WINDOW): window id # 0x0\n'), activeWindow('_NET_ACTIVE_WINDOW:  not found.\n')]).toEqual(['0x3a00007', null, null]);
    expect(windowFacts('_NET_WM_STATE(ATOM) = \n_NET_WM_PID:  not found.\n')).toEqual({ pid: null, name: 'an application', fullScreen: false });
  });
  it('names the application in front, and leaves our own window alone', async () => {
    expect(await look({ DISPLAY: ':0' }, [root, playing])).toEqual({ status: 'in_use', detail: 'A Game' });
    expect(await look({ DISPLAY: ':0' }, [root, playing], 4321)).toEqual({ status: 'free', detail: null });
    expect(await look({ DISPLAY: ':0' }, [root, playing.replace('_NET_WM_STATE_FULLSCREEN', '_NET_WM_STATE_ABOVE')])).toEqual({ status: 'free', detail: null });
  });
  it.each<[string, Record<string, string>, readonly string[] | Error, NodeJS.Platform, RegExp]>([
    ['without a desktop', {}, [], 'linux', /no desktop/],
    ['under Wayland without X11', { WAYLAND_DISPLAY: 'wayland-0' }, [], 'linux', /Wayland/],
    ['under Wayland with nothing of X11 in front', { WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' }, ['_NET_ACTIVE_WINDOW:  not found.\n'], 'linux', /X11/],
    ['without xprop', { DISPLAY: ':0' }, Object.assign(new Error('x'), { code: 'ENOENT' }), 'linux', /xprop/],
    ['where the desktop fails', { DISPLAY: ':0' }, new Error('timed out'), 'linux', /did not answer/],
    ['on another system', {}, [], 'darwin', /cannot be told/],
  ])('cannot be told %s, and says why', async (_, env, answers, platform, why) => {
    expect(await look(env, answers, 0, platform)).toEqual({ status: 'unknown', detail: expect.stringMatching(why) as string });
  });
});
