/** The table of all verbs, in the order of the help. */
import type { Verb } from '../verb.ts';
import { attestationVerbs } from './attestation-verbs.ts';
import { callVerb } from './call-verb.ts';
import { doctorVerb } from './doctor-verb.ts';
import { exportVerb } from './export-verb.ts';
import { listVerbs } from './list-verbs.ts';
import { nodeVerbs } from './node-verbs.ts';
import { remoteVerbs } from './remote-verbs.ts';
import { signingVerbs } from './signing-verbs.ts';

/** Every verb. */
export const allVerbs: readonly Verb[] = [...nodeVerbs, ...listVerbs, exportVerb, doctorVerb, ...signingVerbs, ...attestationVerbs, ...remoteVerbs, callVerb];
