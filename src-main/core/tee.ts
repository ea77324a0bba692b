/** Decides whether this machine may serve confidential tasks on a network, from what was found of its hardware (protocol.md 7.7; issue: Confidential compute). */
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';

/** One place that was looked at. `denied`: it is there, and this program may not use it. */
export type TeeSign = { what: 'sev_guest' | 'tdx_guest' | 'tsm_reports' | 'nvidia_cc'; found: 'yes' | 'no' | 'denied'; proof: string };

/** Why nothing confidential is served; the first that applies. */
export const teeObstacles = ['generation', 'no_guest', 'guest_denied', 'no_reports', 'no_gpu_mode'] as const;
export type TeeObstacle = (typeof teeObstacles)[number];

/** What serves confidential tasks here. */
export type Tee =
  | { kind: 'hardware'; guest: 'sev_guest' | 'tdx_guest'; deviceType: number }
  /** A rehearsal that proves nothing, for the embedded sandbox alone. */
  | { kind: 'simulated'; deviceType: number }
  | { kind: 'none'; why: TeeObstacle };

/** "with device type 300": NVIDIA in confidential mode, the only type that the network's verifier is known to read. */
export const nvidiaDeviceType = 300;
/** The largest type that the contract takes (abort 48 above it); no device has it, so nobody can take a rehearsal for one. */
export const simulatedDeviceType = 15_999;

/** Sentences for a refusal. */
export const teeSentences: Record<TeeObstacle, string> = {
  generation: 'the contract of this network keeps no keys for confidential tasks',
  no_guest: 'this computer does not run in protected memory: neither AMD SEV-SNP (/dev/sev-guest) nor Intel TDX (/dev/tdx_guest) is there, which gaming computers do not have',
  guest_denied: 'the guest device of the confidential machine is there, but this program may not use it: give its user read and write access',
  no_reports: 'the kernel offers no attestation reports (configfs-tsm, Linux 6.7 or newer): mount configfs and load the guest driver',
  no_gpu_mode: 'no NVIDIA GPU runs in confidential mode, and the network reads the evidence of no other device',
};

const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];
const isLoopback = (url: string): boolean => loopbackHosts.includes(new URL(url).hostname);

/** True on the embedded sandbox alone: by its kind, by its control API, and because every address of it is this machine's own. A file that only calls itself a sandbox is none. */
export const mayRehearse = ({ kind, endpoints, coordinatorUrl, sandboxControlUrl }: Pick<NetworkProfile, 'kind' | 'endpoints' | 'coordinatorUrl' | 'sandboxControlUrl'>): boolean =>
  kind === 'sandbox' && sandboxControlUrl !== null && [...endpoints, sandboxControlUrl, ...(coordinatorUrl === null ? [] : [coordinatorUrl])].every(isLoopback);

/** The judgement. Hardware goes before a rehearsal: where it is there, nothing is pretended. */
export function judgeTee(signs: readonly TeeSign[], profile: Pick<NetworkProfile, 'kind' | 'generation' | 'endpoints' | 'coordinatorUrl' | 'sandboxControlUrl'>, rehearse: boolean): Tee {
  // G1 has no key on chain that a buyer could encrypt to (protocol.md 2.3).
  if (profile.generation !== 'G2') return { kind: 'none', why: 'generation' };
  const hardware = judgeHardware(signs);
  return hardware.kind === 'none' && rehearse && mayRehearse(profile) ? { kind: 'simulated', deviceType: simulatedDeviceType } : hardware;
}

/** A GPU in confidential mode protects only what a confidential guest hands it: both are needed. */
function judgeHardware(signs: readonly TeeSign[]): Tee {
  const found = (what: TeeSign['what']): TeeSign['found'] => signs.find((sign) => sign.what === what)?.found ?? 'no';
  const guests = (['sev_guest', 'tdx_guest'] as const).filter((what) => found(what) !== 'no');
  const guest = guests.find((what) => found(what) === 'yes');
  if (guests.length === 0) return { kind: 'none', why: 'no_guest' };
  if (guest === undefined) return { kind: 'none', why: 'guest_denied' };
  if (found('tsm_reports') !== 'yes') return { kind: 'none', why: 'no_reports' };
  if (found('nvidia_cc') !== 'yes') return { kind: 'none', why: 'no_gpu_mode' };
  return { kind: 'hardware', guest, deviceType: nvidiaDeviceType };
}
