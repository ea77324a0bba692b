/** All visible text in English, by place; sentence case, no jargon without an entry under `term` (design.md, "Words"). */

import { attestations } from './en/attestations.ts';
import { confidential } from './en/confidential.ts';
import { engines, ingress } from './en/engines.ts';
import { desktop, shortcuts } from './en/desktop.ts';
import { economics } from './en/economics.ts';
import { hardware } from './en/hardware.ts';
import { wallet } from './en/wallet.ts';
import { diagnostics, fleet, remote } from './en/remote.ts';
import { tasks } from './en/tasks.ts';
import { whyIdle } from './en/why-idle.ts';
import { term } from './en/term.ts';
import { reason } from './en/reason.ts';
import { reasonWord } from './en/reason-word.ts';
import { proposal } from './en/proposal.ts';
import { machine } from './en/machine.ts';
import { setup } from './en/setup.ts';
import { dashboard } from './en/dashboard.ts';
import { stacks } from './en/stacks.ts';
import { jobs } from './en/jobs.ts';
import { leave } from './en/leave.ts';
import { network } from './en/network.ts';
import { models } from './en/models.ts';
import { settings } from './en/settings.ts';

export const en = {
  fleet,
  remote,
  diagnostics,
  hardware,
  desktop,
  shortcuts,
  economics,
  confidential,
  engines,
  ingress,
  wallet,
  attestations,
  tasks,
  whyIdle,
  frame: {
    brand: 'Operator Console',
    documentTitle: '{{page}} · Operator Console',
    pages: 'Pages',
    skip: 'Skip to content',
    network: 'Network:',
    playMoney: '{{name}} · play money',
    messages: 'Messages',
    old: 'Not answering, as of {{ago}}',
    stateNow: '{{state}}: {{reason}}',
  },
  page: {
    dashboard: 'Dashboard',
    tasks: 'Tasks',
    stacks: 'Stacks',
    jobs: 'Jobs',
    models: 'Models',
    hardware: 'Hardware',
    attestations: 'Attestations',
    economics: 'Economics',
    wallet: 'Wallet',
    fleet: 'Fleet',
    leave: 'Leave',
    settings: 'Settings',
    network: 'Network',
    setup: 'Set-up',
  },
  act: {
    cancel: 'Cancel',
    close: 'Close',
    continue: 'Continue',
    copied: 'Copied',
    copyNamed: 'Copy {{name}}',
    dismiss: 'Dismiss',
    pause: 'Pause',
    readAgain: 'Read again',
    resume: 'Resume',
    save: 'Save',
    showTable: 'Show as table',
    startAgain: 'Start again',
    tryAgain: 'Try again',
  },
  table: { columns: 'Columns', more: 'Show more rows' },
  state: {
    loading: 'Loading',
    starting: 'Starting',
    notRead: 'Not known: it could not be read.',
    shownFrom: 'Shown is what was read {{ago}}.',
    stale: 'The last read failed. Shown is what was read {{ago}}. {{why}}',
  },
  error: {
    details: 'Details',
    copy: 'Copy details',
    advice: {
      refused: 'Nothing was changed.',
      transient: 'Try again in a moment.',
      in_doubt: 'Wait; do not start it a second time.',
      fatal: 'The node has stopped until this is mended.',
      bug: 'Copy the details and report them.',
    },
  },
  amount: {
    exact: '{{amount}} {{coin}}',
    baseUnits: '{{units}} base units',
    source: { chain: 'From chain', local: 'From this computer', coordinator: 'From the coordinator' },
    read: 'read {{ago}}',
    booked: 'booked {{ago}}',
    stale: 'Older than it should be',
    notRead: 'Not read yet.',
    unknown: 'Unknown: {{reason}}',
  },
  term,
  nodeState: { EXECUTING: 'EXECUTING', READY: 'READY', IDLE: 'IDLE', UNSTAKING: 'UNSTAKING' },
  reason,
  reasonWord,
  health: {
    linkWord: 'Link',
    linkLabel: 'Link: {{status}}',
    chainWord: 'Chain',
    chainLabel: 'Chain: {{status}}',
    link: {
      none: 'No coordinator on this network',
      stopped: 'Not connected',
      connecting: 'Connecting',
      connected: 'Connected',
      refused: 'Refused by the coordinator',
    },
    chain: { unknown: 'Not read yet', ok: 'Answers', slow: 'Answers slowly', down: 'Does not answer' },
    address: 'Address',
    since: 'Since',
    coordinator: 'Coordinator',
    nextAttempt: 'Next attempt in',
    epochEnds: 'Epoch ends in',
    read: 'Read',
    neverRead: 'never',
  },
  alert: {
    bell_zero: 'Alerts: none',
    bell_one: 'Alerts: {{count}}',
    bell_other: 'Alerts: {{count}}',
    more: 'Show {{count}} more',
    none: 'Nothing needs you.',
    open: 'Open {{page}}',
    level: { info: 'Note', warning: 'Warning', danger: 'Danger' },
  },
  secure: {
    windowOpened: 'Continue in the window that opened',
    openIt: 'Continue on the secure page that opened in a new tab',
    why: 'Phrases, passphrases and confirmations are never entered here, so nothing in this window can read or give them.',
    open: 'Open it here if it did not',
    newTab: ' in a new tab',
  },
  proposal,
  keys: {
    where: 'Where the key lies',
    store: 'Store',
    kind: { keychain: 'Keychain: {{name}}', passphrase: 'Sealed file under a passphrase' },
    keychain: 'Keychain of this system',
    noKeychain: 'Not available',
    noKeychainBecause: 'Not available: {{detail}}',
    state: 'State',
    isUnlocked: 'Unlocked',
    isLocked: 'Locked: nothing can be signed or decrypted',
    wallet: 'Wallet address',
    walletQr: 'QR code of the wallet address',
    nodeId: 'Node id',
    liveness: 'Liveness address',
    livenessTitle: 'Liveness key',
    lock: 'Lock keys',
    lockHint: 'While the keys are locked the node serves nothing and signs nothing. Running work is finished first.',
    locked: 'The keys are locked.',
    unlock: 'Unlock keys',
    backup: 'Back up node keys',
    backupHint:
      'The recovery phrase brings back the wallet. The backup of the node keys brings back the node id as well; it is sealed under a passphrase of yours.',
    notBackedUp: 'The backup of the recovery phrase is not confirmed.',
    waiting: {
      unlock: 'Waiting for the keys to be unlocked',
      backup: 'Waiting for the node keys to be saved',
      rehearse: 'Waiting for the backup to be tried',
      rotate: 'Waiting for the liveness key to be replaced',
    },
    stopWaiting: 'Stop waiting',
    done: {
      unlock: 'The keys are unlocked.',
      backup: 'The node keys were saved. Keep the file beside the recovery phrase, away from this machine.',
      rehearse: 'The backup is right: it brings this node back.',
      rotate: 'The liveness key was replaced. Save the node keys again.',
    },
    backupTitle: 'Backup',
    phrase: 'Recovery phrase',
    phraseUntried: 'Not tried since the key was made here',
    phraseTried: 'Tried {{ago}}: it brings this wallet back',
    nodeKeys: 'File of the node keys',
    nodeKeysNever: 'Not saved yet',
    nodeKeysSaved: 'Saved {{ago}}',
    nodeKeysOld: 'Saved {{ago}}, before the liveness key was replaced: save it again',
    rehearse: 'Rehearse the backup',
    rotate: 'Replace the liveness key',
    rotateHint:
      'It signs every sign of life and every result of this node, and holds no money. Replace it when somebody may have read it, such as after a break-in or the loss of a backup. Node id and wallet stay.',
    unlockFirst: 'Unlock the keys first.',
  },
  machine,
  task: { noModel: 'No model named' },
  setup,
  dashboard,
  stacks,
  jobs,
  leave,
  network,
  models,
  settings,
  policy: {
    autoSettle: 'Settle by itself',
    autoSettleHint: 'Settles a stack when it is almost full or its task is idle.',
    autoClaim: 'Claim by itself',
    autoClaimHint:
      'Claims whatever is claimable once an epoch, in one transaction, unless its gas is worth more at the rates given on Economics.',
    settleAtPercent: 'Settle from, percent of units',
    settleAtPercentHint: 'A fuller stack pays more per settlement.',
    settleWhenIdleMs: 'Settle when idle for, seconds',
    settleWhenIdleMsHint: 'Counted from the last request of the stack.',
    gasReserveTransactions: 'Gas reserve, transactions',
    gasReserveTransactionsHint: 'Warns when the wallet holds less SUI than this many transactions need.',
    maxParallel: 'Requests at once',
    maxParallelHint: 'Slots offered to the coordinator.',
    cancelWindowMs: 'Time to cancel leaving, seconds',
    cancelWindowMsHint: 'Waited before the node is disabled for good.',
    autoAttest: 'Attest by itself',
    autoAttestHint:
      'When this node is asked to check a stack, it runs every request again and answers if everything agrees. Anything else asks you.',
    waitForAttestors: 'Wait for late attestors',
    waitForAttestorsHint:
      'Claim one epoch later while a requested attestor has not answered: an early claim would get it slashed.',
    selfAuditSample: 'Requests to re-run before settling',
    selfAuditSampleHint:
      'Of each stack under sampling consensus, before its commitment goes on chain. 0 compares the commitment alone.',
  },
  logs: {
    level: 'Level',
    levels: { debug: 'Debug', info: 'Info', warn: 'Warning', error: 'Error' },
    event: 'Event',
    fields: 'Fields',
    atLeast: 'Level, at least',
    text: 'Text',
    copy: 'Copy what is shown',
    none: 'No line matches. Choose a lower level or clear the text.',
  },
} as const;
