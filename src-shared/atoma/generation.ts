/** The two incompatible contract generations (protocol.md 0). Only G1 has a table so far; G2 joins as a second table. */

/** Contract generation as detected from the deployed package's signatures. */
export type Generation = 'G1' | 'G2';
