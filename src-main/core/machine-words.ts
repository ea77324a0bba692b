/** Sentences on the machine that its check in the set-up and the doctor both say: what a fault costs, in the words of an owner (product.md, Set-up 3 and Diagnostics). */
import { linkLimits } from '../../src-shared/link/codes.ts';

/** What a clock that is off costs: the network refuses it already, or will. */
export const clockCost = (isRefused: boolean): string =>
  isRefused ? 'The network refuses a node whose clock is this far off, so it gets no work.' : `Beyond ${linkLimits.maxClockSkewMs / 1_000} s the network refuses the node, and it gets no work.`;

/** What a full disk costs, and the way to room: under one GiB the database itself may fail to write. */
export const diskFix = (isFull: boolean): string =>
  `${isFull ? 'The node can hardly record its work any more, so it must not serve.' : 'Further models may not fit, so there are fewer tasks to earn with.'} Make room on the disk that holds the data folder; models that you do not use can be removed under Models.`;
