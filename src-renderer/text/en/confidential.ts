/** Text of the settings' section Confidential (protocol.md 7.7). */

export const confidential = {
  title: 'Confidential tasks',
  lead: 'The buyers of these tasks encrypt their requests to a key that only this machine’s protected memory holds. Serving them takes hardware that proves this.',
  serves: { hardware: 'Served', simulated: 'Simulated', no: 'Not served' },
  simulatedTitle: 'This is a rehearsal. No hardware protects anything.',
  simulatedText: 'The evidence on chain says so. Only the embedded sandbox accepts it.',
  whyNot: {
    generation: 'The contract of this network keeps no keys for confidential tasks',
    no_guest: 'This machine is not a confidential one',
    guest_denied: 'The confidential hardware may not be used by this program',
    no_reports: 'The system gives no proof of its hardware',
    no_gpu_mode: 'No GPU runs in confidential mode',
  },
  todo: {
    generation: 'Nothing to do here: choose a network of generation G2 if you want to serve them.',
    no_guest:
      'It takes a virtual machine on AMD SEV-SNP or Intel TDX with an NVIDIA GPU in confidential mode. All other tasks need none of this.',
    guest_denied: 'Give the user that runs the console read and write access to the guest device.',
    no_reports: 'It takes Linux 6.7 or newer with configfs mounted and the guest driver loaded.',
    no_gpu_mode:
      'Switch the GPU to confidential mode with NVIDIA’s tools. The network reads the evidence of no other device.',
  },
  found: 'What was found',
  sign: {
    sev_guest: 'AMD SEV-SNP',
    tdx_guest: 'Intel TDX',
    tsm_reports: 'Proof by the system',
    nvidia_cc: 'NVIDIA confidential mode',
  },
  state: { yes: 'Found', no: 'Not found', denied: 'Not allowed' },
  look: 'Look again',
  looked: 'Looked again.',
  key: 'Key',
  keyNone: 'None yet. One is made when a confidential task is subscribed to.',
  keyWaits: 'Made, and being announced on chain',
  counter: 'Rotation',
  announced: 'Announced',
  transaction: 'Transaction',
  keyLife: 'It is kept in memory alone: each start and each rotation of the network brings a new one.',
  rehearsal: 'Rehearsal',
  rehearse: 'Rehearse with a simulated machine',
  rehearseHint: 'Confidential tasks of this sandbox are served as if the hardware were there. Nothing is protected.',
  rehearseOn: 'The rehearsal is on.',
  rehearseOff: 'The rehearsal is off.',
};
