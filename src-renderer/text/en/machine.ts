/** Text of the machine check. */

/** By place. */
export const machine = {
  rules: 'Rules for this machine',
  rule: 'Rule',
  found: 'Found',
  needed: 'Needed',
  result: 'Result',
  status: { ok: 'Good', warning: 'Usable', failed: 'Too little' },
  ruleName: {
    cpu: 'Processor',
    ram: 'Memory',
    disk: 'Free disk',
    gpu: 'Graphics card',
    clock: 'Clock',
    sqlite: 'Database',
  },
  providers: 'Where models run',
  provider: 'Runs models on',
  providerName: { cpu: 'Processor (CPU)', webgpu: 'WebGPU', cuda: 'CUDA', directml: 'DirectML', coreml: 'Core ML' },
  speed: 'Speed',
  rate: '{{rate}} tok/s',
  runs: 'Runs',
  doesNotRun: 'Does not run here',
  run: 'Run check',
  again: 'Run check again',
  running: 'Checking this machine',
  runningHint:
    'Hardware is read, then a small model answers a question on the processor and on the graphics card. {{time}} so far.',
  checked: 'Checked {{ago}}.',
  enough: 'This machine can serve.',
  notEnough: 'This machine cannot serve yet. Mend what is marked, then run the check again.',
};
