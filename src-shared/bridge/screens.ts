/** Screens of the window with their addresses: for the rail, the keys, and links from outside. */

/** Address by screen. */
export const screenPaths = {
  dashboard: '/',
  'why-idle': '/why-idle',
  tasks: '/tasks',
  stacks: '/stacks',
  jobs: '/jobs',
  models: '/models',
  hardware: '/hardware',
  attestations: '/attestations',
  economics: '/economics',
  wallet: '/wallet',
  fleet: '/fleet',
  leave: '/leave',
  settings: '/settings',
  network: '/network',
} as const;
