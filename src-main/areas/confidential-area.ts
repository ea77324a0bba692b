/** The bridge's confidential area: what the session says of hardware and key, as the window shows it (protocol.md 7.7). */
import type { ConfidentialView } from '../../src-shared/bridge/confidential-calls.ts';
import { teeSentences } from '../core/tee.ts';
import type { ConfidentialArea } from '../handlers/confidential-handlers.ts';
import type { Session } from '../session/session-parts.ts';
import type { AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. */
export const confidentialArea = ({ needSession }: AreaParts): ConfidentialArea => ({
  view: () => viewOf(needSession().confidential.status()),
  look: () => needSession().confidential.look(),
  rehearse: (on) => needSession().confidential.setRehearsal(on),
});

function viewOf({ tee, signs, publicKey, announced, problem, mayRehearse, rehearses }: ReturnType<Session['confidential']['status']>): ConfidentialView {
  return {
    serves: tee.kind === 'none' ? 'no' : tee.kind,
    whyNot: tee.kind === 'none' ? { code: tee.why, sentence: teeSentences[tee.why] } : null,
    signs: signs.map((sign) => ({ ...sign })),
    rehearsal: { possible: mayRehearse, on: rehearses },
    key: publicKey === null ? null : { publicKey, announced: announced?.publicKey === publicKey ? { counter: announced.counter, atMs: announced.atMs, digest: announced.digest } : null },
    problem,
  };
}
