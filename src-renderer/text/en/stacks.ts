/** Text of the page Stacks. */

/** By place. */
export const stacks = {
  intro: 'Where the money is, from work to wallet.',
  column: {
    working: 'Working',
    settling: 'Settling',
    challenge: 'In challenge',
    claimable: 'Claimable',
    claimed: 'Claimed',
    disputed: 'Disputed or lost',
  },
  none: {
    working: 'No open stack.',
    settling: 'Nothing settles.',
    challenge: 'No window is open.',
    claimable: 'Nothing to claim.',
    claimed: 'Nothing claimed yet.',
    disputed: 'Nothing disputed or lost.',
  },
  stack: 'Stack #{{id}}',
  select: 'Select stack #{{id}}',
  used: 'Units of stack #{{id}} used',
  unitsOf: '{{used}} of {{total}} units',
  gas: 'Gas',
  gasUnknown: 'One of its transactions was not made from this console, so its gas is not known.',
  awaiting_one: '{{count}} answer awaits its acknowledgement.',
  awaiting_other: '{{count}} answers await their acknowledgement.',
  noneYet: 'No request yet.',
  settlesAt: 'Settles by itself at {{percent}}\u00a0%.',
  almostFull: 'Almost full: it settles by itself. Under sampling consensus its answers are checked first.',
  byHand: 'Settles only by hand: that policy is switched off.',
  policy: {
    settle: 'A stack settles by itself from {{percent}}\u00a0% of its units on, or after {{time}} without work.',
    settleOff: 'Stacks settle only by hand: that policy is switched off.',
    claim: 'What can be claimed is claimed once an epoch, unless the gas is worth more at your rates.',
    claimOff: 'Claims are made only by hand: that policy is switched off.',
    change: 'Change policies',
  },
  windowUnknown: 'Window open; chain time is not known.',
  windowUnread: 'Settled; the end of its window is read next.',
  epochsLeft_zero: 'Window ends in this epoch.',
  epochsLeft_one: '{{count}} epoch left in the window.',
  epochsLeft_other: '{{count}} epochs left in the window.',
  phaseHint: {
    settling: 'The settlement is on its way to the chain.',
    claiming: 'The claim is on its way to the chain.',
    disputed: 'In dispute: it cannot be claimed.',
    gone: 'No longer on chain and not claimed by this wallet.',
  },
  stranded: {
    task_removed:
      'The task of this stack was removed, and the contract pays no stack without its task: {{amount}} is lost.',
    attestor_destroyed:
      'A node that checked this stack left the network before the claim, and the contract cannot pay it any more: {{amount}} is lost.',
  },
  settle: 'Settle now',
  settleNamed: 'Settle now, stack #{{id}}',
  claim: 'Claim',
  claimNamed: 'Claim stack #{{id}}',
  claimAll: 'Claim all',
  claimSelected: 'Claim selected ({{count}})',
  showAll: 'Show all {{count}}',
  empty:
    'A stack appears here when a buyer acquires one from this node. That happens by itself while the node is READY and its price fits.',
  emptyNetwork: 'Let the sandbox buyers start',
  emptyDashboard: 'Open dashboard',
};
