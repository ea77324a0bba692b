/** The sections of Settings by the last part of their address, in the order of their list (product.md, Settings). */

/** Their names in addresses. */
export const settingsSections = [
  'network',
  'keys',
  'wallet',
  'policies',
  'machine',
  'engines',
  'ingress',
  'confidential',
  'desktop',
  'appearance',
  'remote',
  'diagnostics',
  'logs',
  'about',
] as const;
