/** Who may serve confidential tasks: hardware wherever it is whole, a rehearsal on the embedded sandbox and nowhere else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { judgeTee, mayRehearse, type Tee, type TeeSign } from './tee.ts';

type Profile = Pick<NetworkProfile, 'kind' | 'generation' | 'endpoints' | 'coordinatorUrl' | 'sandboxControlUrl'>;
const sandbox: Profile = { kind: 'sandbox', generation: 'G2', endpoints: ['http://127.0.0.1:9000'], coordinatorUrl: 'ws://127.0.0.1:9001/v1/link', sandboxControlUrl: 'http://127.0.0.1:9002' };
const testnet: Profile = { kind: 'testnet', generation: 'G2', endpoints: ['https://fullnode.example'], coordinatorUrl: null, sandboxControlUrl: null };
const sign = (what: TeeSign['what'], found: TeeSign['found'] = 'yes'): TeeSign => ({ what, found, proof: 'seen' });
const whole = [sign('sev_guest'), sign('tsm_reports'), sign('nvidia_cc')];

describe('confidential hardware', () => {
  it.each<[string, TeeSign[], Tee]>([
    ['SEV-SNP with a GPU in confidential mode', whole, { kind: 'hardware', guest: 'sev_guest', deviceType: 300 }],
    ['TDX with a GPU in confidential mode', [sign('sev_guest', 'no'), sign('tdx_guest'), sign('tsm_reports'), sign('nvidia_cc')], { kind: 'hardware', guest: 'tdx_guest', deviceType: 300 }],
    ['nothing', [], { kind: 'none', why: 'no_guest' }],
    ['a GPU in confidential mode outside a guest', [sign('nvidia_cc')], { kind: 'none', why: 'no_guest' }],
    ['a guest device that may not be used', [sign('sev_guest', 'denied'), sign('tsm_reports'), sign('nvidia_cc')], { kind: 'none', why: 'guest_denied' }],
    ['a kernel without reports', [sign('sev_guest'), sign('tsm_reports', 'no'), sign('nvidia_cc')], { kind: 'none', why: 'no_reports' }],
    ['reports that may not be asked for', [sign('sev_guest'), sign('tsm_reports', 'denied'), sign('nvidia_cc')], { kind: 'none', why: 'no_reports' }],
    ['a guest without a confidential GPU', [sign('tdx_guest'), sign('tsm_reports'), sign('nvidia_cc', 'no')], { kind: 'none', why: 'no_gpu_mode' }],
  ])('%s', (_what, signs, expected) => {
    expect(judgeTee(signs, testnet, true)).toEqual(expected);
  });

  it('is of no use on a contract without keys', () => {
    expect(judgeTee(whole, { ...testnet, generation: 'G1' }, true)).toEqual({ kind: 'none', why: 'generation' });
    expect(judgeTee([], { ...sandbox, generation: 'G1' }, true)).toEqual({ kind: 'none', why: 'generation' });
  });
});

describe('a rehearsal', () => {
  it('is for the sandbox, when the operator asks for it, and never where there is hardware', () => {
    expect(judgeTee([], sandbox, true)).toEqual({ kind: 'simulated', deviceType: 15_999 });
    expect(judgeTee([], sandbox, false)).toEqual({ kind: 'none', why: 'no_guest' });
    expect(judgeTee(whole, sandbox, true).kind).toBe('hardware');
  });

  it('is refused by every other profile, also by one that only calls itself a sandbox', () => {
    const url = fc.constantFrom('http://127.0.0.1:1', 'https://fullnode.example', 'https://127.0.0.1.example:1', 'http://localhost:1');
    const profiles = fc.record({
      kind: fc.constantFrom('sandbox' as const, 'testnet' as const, 'mainnet' as const, 'custom' as const),
      generation: fc.constant('G2' as const),
      endpoints: fc.array(url, { minLength: 1, maxLength: 3 }),
      coordinatorUrl: fc.option(fc.constantFrom('ws://127.0.0.1:2/v1/link', 'wss://coordinator.example/v1/link'), { nil: null }),
      sandboxControlUrl: fc.option(url, { nil: null }),
    });
    const remote = (text: string | null): boolean => text !== null && text.includes('.example');
    fc.assert(
      fc.property(profiles, (profile) => {
        const isOther = profile.kind !== 'sandbox' || profile.sandboxControlUrl === null || [...profile.endpoints, profile.coordinatorUrl, profile.sandboxControlUrl].some(remote);
        expect(mayRehearse(profile)).toBe(!isOther);
        expect(judgeTee([], profile, true).kind).toBe(isOther ? 'none' : 'simulated');
      }),
    );
  });
});
