/** Text of term. */

/** By place. */
export const term = {
  stack: {
    word: 'Stack',
    means: 'A bundle of compute units that one buyer has paid for in advance, to be worked off by one node.',
  },
  epoch: {
    word: 'Epoch',
    means: 'The clock of the chain. On a public network an epoch is about a day; on the sandbox you set its length.',
  },
  attestation: { word: 'Attestation', means: 'Another node runs the same request again and confirms the result.' },
  computeUnit: {
    word: 'Compute units',
    means: 'What buyers pay for: one unit is one token read or written by the model.',
  },
  collateral: {
    word: 'Collateral',
    means: 'Tokens locked when a node registers. They come back after leaving; a node that cheats loses part of them.',
  },
  reputation: {
    word: 'Reputation',
    means: 'A score from 0 to 100 that the contract keeps for each node. Some tasks ask for a minimum.',
  },
  challenge: {
    word: 'Challenge window',
    means: 'Epochs after settling in which the result can be disputed. After them the money can be claimed.',
  },
  samplingConsensus: {
    word: 'Sampling consensus',
    means:
      'Some stacks are run again by other nodes. Their answers must agree before the money can be claimed, so answers must be the same on every machine.',
  },
  confidential: {
    word: 'Confidential',
    means:
      'Requests are opened only inside hardware that keeps them from everybody, also from the owner of the machine.',
  },
  proof: {
    word: 'Proof of execution',
    means:
      'A hash over the returned bytes, the request and this node. It commits the node to its answer without showing it.',
  },
};
