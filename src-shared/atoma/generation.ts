/** The two incompatible contract generations (protocol.md 0). Their tables lie side by side; nothing else tells them apart. */

/** Contract generation as detected from the deployed package's signatures. */
export type Generation = 'G1' | 'G2';
