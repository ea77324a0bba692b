/** Tables and properties of the choice of provider and device. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeviceLoad, defaultOrder, isSoftwareRenderer, placeModel } from './choose-device.ts';
import type { ProbeResult, Provider } from './types.ts';

const probe = (provider: Provider, tokensPerSecond: number | null, software = false): ProbeResult =>
  ({ provider, ok: tokensPerSecond !== null, tokensPerSecond, reason: tokensPerSecond === null ? 'absent' : null, remedy: null, software });

describe('defaultOrder', () => {
  it.each<[string, ProbeResult[], Provider[]]>([
    ['no check yet', [], ['cpu']],
    ['nothing else works', [probe('cpu', 100), probe('cuda', null)], ['cpu']],
    ['the fastest first, the processor last', [probe('cpu', 900), probe('webgpu', 50), probe('cuda', 80)], ['cuda', 'webgpu', 'cpu']],
    ['no driver in software', [probe('cpu', 9), probe('webgpu', 50, true)], ['cpu']],
  ])('%s', (_, probes, order) => expect(defaultOrder(probes)).toEqual(order));
});

describe('isSoftwareRenderer', () => {
  it.each([
    [{ VK_ICD_FILENAMES: '/usr/lib/chromium/vk_swiftshader_icd.json' }, 'linux', 1, true],
    [{ VK_DRIVER_FILES: '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json' }, 'linux', 1, true],
    [{}, 'linux', 0, true],
    [{}, 'linux', 1, false],
    [{}, 'darwin', 0, false],
  ] as const)('%j on %s with %i devices: %s', (env, platform, devices, software) => expect(isSoftwareRenderer(env, platform, devices)).toBe(software));
});

const device = (id: string, running: number, freeBytes: number | null, models: DeviceLoad['models'] = []): DeviceLoad => ({ id, running, freeBytes, models });
const model = (id: string, bytes: number, running = 0, lastUsedMs = 0) => ({ id, bytes, running, lastUsedMs });

describe('placeModel', () => {
  it.each<[string, number, DeviceLoad[], ReturnType<typeof placeModel>]>([
    ['it fits', 5, [device('a', 0, 9)], { kind: 'place', device: 'a', unload: [] }],
    ['it is there already, however full', 5, [device('a', 3, 0, [model('m', 5, 3)])], { kind: 'place', device: 'a', unload: [] }],
    ['the idle device rather than the busy one', 5, [device('a', 2, 9, [model('m', 5, 2)]), device('b', 0, 9)], { kind: 'place', device: 'b', unload: [] }],
    ['the one that has it among equals', 5, [device('a', 1, 9), device('b', 1, 9, [model('m', 5, 1)])], { kind: 'place', device: 'b', unload: [] }],
    ['least recently used go first', 6, [device('a', 0, 1, [model('x', 4, 0, 30), model('y', 3, 0, 10), model('z', 3, 0, 20)])], { kind: 'place', device: 'a', unload: ['y', 'z'] }],
    ['never one that runs', 6, [device('a', 1, 1, [model('x', 9, 1, 1)])], { kind: 'refused', neededBytes: 6, freeBytes: 1 }],
    ['unknown memory is no reason to refuse', 6, [device('a', 0, null)], { kind: 'place', device: 'a', unload: [] }],
    ['too large for all', 60, [device('a', 0, 9), device('b', 0, 12)], { kind: 'refused', neededBytes: 60, freeBytes: 12 }],
  ])('%s', (_, needed, devices, expected) => expect(placeModel('m', needed, devices)).toEqual(expected));
  it('never promises more than there is', () => {
    const models = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), bytes: fc.nat(50), running: fc.nat(2), lastUsedMs: fc.nat(9) }), { maxLength: 3 });
    const devices = fc.array(fc.record({ id: fc.uuid(), running: fc.nat(3), freeBytes: fc.nat(60), models }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(devices, fc.nat(100), (all, needed) => {
        const placed = placeModel('m', needed, all);
        if (placed.kind === 'refused') return;
        const chosen = all.find(({ id }) => id === placed.device) as DeviceLoad;
        const freed = chosen.models.filter(({ id, running }) => running === 0 && placed.unload.includes(id)).reduce((sum, { bytes }) => sum + bytes, 0);
        expect((chosen.freeBytes ?? 0) + freed).toBeGreaterThanOrEqual(needed);
      }),
    );
  });
});
