/** All text of the hosts' own pages and dialogs, in one catalogue (product.md: "all text in one catalogue"). Sentence case, verbs on buttons. */
import type { IntentKind } from '../../src-shared/bridge/intents.ts';

/** English. */
export const pageText = {
  product: 'Operator Console',
  problem: 'That did not work',
  gone: {
    title: 'This page has ended',
    text: 'It was used, closed or older than ten minutes. Open it again from the console.',
  },
  burned: {
    title: 'Too many wrong passphrases',
    text: 'This page was closed after five wrong passphrases. Open it again from the console.',
  },
  notWaiting: { title: 'Nothing to confirm', text: 'This request is no longer waiting. Start it again in the console.' },
  badForm: 'The form could not be read. Fill it in again.',
  busy: 'The last step is still running. Wait a moment.',
  done: { title: 'Done', text: 'You can close this page and go back to the console.' },
  passphrase: {
    label: 'Passphrase',
    newLabel: 'New passphrase',
    repeat: 'Repeat the passphrase',
    differ: 'The two passphrases differ. Type both again.',
    why: 'This machine has no keychain the console can use, so the keys are sealed in a file under this passphrase. It cannot be recovered: without it you need the recovery phrase.',
  },
  create: {
    title: 'Create the key',
    intro: 'The console makes a key that holds your earnings and signs for your node. You will write down its recovery phrase of 24 words and prove it by entering six of them.',
    keychain: 'The key is sealed under the keychain of this system.',
    exists: 'A key exists already. It was not replaced.',
    start: 'Create the key',
    wordsTitle: 'Write down these 24 words',
    wordsIntro: 'In this order, on paper, and where nobody else finds them. Who has these words has your money; without them a lost machine is lost money.',
    written: 'I have written them down',
    reentryTitle: 'Enter six of your words',
    reentryIntro: 'This proves that the copy is right. The key is kept only after this step.',
    word: (position: number) => `Word ${position}`,
    check: 'Check and keep the key',
    again: 'Show the words again',
  },
  import: {
    title: 'Import a key',
    intro: 'Enter the recovery phrase of 24 words, or a secret that starts with suiprivkey. Only secp256k1 keys can run a node.',
    secret: 'Recovery phrase or secret',
    act: 'Import the key',
  },
  restore: {
    title: 'Restore the key',
    intro: 'Enter the recovery phrase. With the node-key backup the node keeps its identity; without it the node gets a new one, which this key binds again.',
    phrase: 'Recovery phrase',
    file: 'Node-key backup (optional)',
    filePassphrase: 'Passphrase of that backup',
    act: 'Restore the key',
  },
  unlock: {
    title: 'Unlock the keys',
    intro: (store: string) => `The keys are sealed in: ${store}.`,
    act: 'Unlock',
  },
  backup: {
    title: 'Back up the node keys',
    intro: 'Saves the liveness key and the node key in a file sealed under a passphrase of its own. Keep it beside the recovery phrase; the key of your wallet is not in it.',
    passphrase: 'Passphrase for the backup',
    act: 'Save the backup',
    fileName: 'operator-console-node-keys.json',
  },
  rehearse: {
    title: 'Rehearse the backup',
    intro: 'Enter your recovery phrase as you would on a new machine. It is compared with the wallet of this node and then forgotten; nothing is changed. Add the file of the node keys to try it as well.',
    act: 'Try the backup',
    done: { title: 'The backup is right', text: 'It brings this node back. You can close this page and go back to the console.' },
  },
  rotate: {
    title: 'Replace the liveness key',
    intro: 'A new liveness key signs for this node from now on, and the old one is worth nothing any more. The wallet, its money and the node id stay. Running work is finished first; then the link to the coordinator is made anew.',
    act: 'Replace the key',
    done: { title: 'Liveness key replaced', text: 'Save the node keys again: an older file would bring the old key back. You can close this page and go back to the console.' },
  },
  confirm: {
    what: 'What happens',
    cost: 'What it costs and brings',
    pay: 'You pay',
    receive: 'You receive',
    noChange: 'No coin moves, apart from gas.',
    gas: 'Gas',
    gasRefund: 'Gas returned',
    gasUnknown: 'unknown until it is executed',
    baseUnits: (amount: string, unit: string) => `${amount} ${unit}`,
    impossible: 'The chain would refuse this, so it cannot be signed:',
    irreversible: 'This cannot be undone.',
    sign: 'Sign and send',
    decline: 'Decline',
    declined: { title: 'Declined', text: 'Nothing was sent. You can close this page.' },
    sent: { title: 'Signed and sent', text: 'The console shows how it ends. You can close this page.' },
  },
  signIn: {
    title: 'Sign in with a one-time link',
    text: 'This browser is not signed in. The console printed a link when it started; each link works once. The next unused link stands in the file console-link in the data folder of the console.',
    used: 'That link was used already or is not from this run of the console.',
    welcomeTitle: 'Signed in',
    welcome: 'Open the console',
  },
  refused: {
    title: 'Refused',
    text: 'This address does not serve that. Open the console by the link it printed.',
  },
} as const;

/** Title and sentence for each operation that may be signed. */
export const intentText: Readonly<Record<IntentKind, { title: string; text: string }>> = {
  faucet: { title: 'Take test coins', text: 'The faucet of this test network sends coins to your wallet.' },
  register: {
    title: 'Register the node',
    text: 'Registers this wallet as a node. Collateral that it locks is shown below, and comes back after the node was disabled and the waiting time has passed.',
  },
  subscribe: { title: 'Subscribe to a task', text: 'Buyers of this task can then choose this node at this price.' },
  update_subscription: { title: 'Change a subscription', text: 'New purchases use the new price; stacks already bought keep theirs.' },
  unsubscribe: { title: 'End a subscription', text: 'No new stack of this task can be bought from this node.' },
  settle: { title: 'Settle a stack', text: 'Names the units that were served and opens the challenge window.' },
  claim: { title: 'Claim earnings', text: 'Pays what is claimable of these stacks to your wallet.' },
  claim_direct: { title: 'Claim earnings at once', text: 'Pays the served units of these confidential stacks to your wallet and gives the rest back to their buyers. There is no challenge window.' },
  withdraw_fees: { title: 'Withdraw fees', text: 'Pays the fees that this node may withdraw to your wallet.' },
  rotate_key: { title: 'Announce a confidential key', text: 'Commits this node to the key that buyers of confidential tasks encrypt to, with the evidence of its hardware. Requests to the key before open no more.' },
  attest: { title: 'Attest a stack', text: 'Says on chain what the re-run of another node’s stack gave. If it differs from what that node committed, the chain opens a dispute at once and the stack’s money is frozen for ever.' },
  dispute: { title: 'Dispute a stack', text: 'Freezes this stack’s money for ever: no function of the contract ends a dispute, neither the node nor the buyer is ever paid.' },
  create_task: { title: 'Create a task', text: 'Registers a task on chain; its badge comes to your wallet.' },
  deprecate_task: { title: 'Retire a task', text: 'The task takes no subscriptions any more, and this cannot be taken back. Stacks can still be bought on it.' },
  remove_task: { title: 'Remove a task', text: 'Deletes the retired task. Stacks on it that are not claimed yet can never be settled or claimed afterwards.' },
  buy_stack: { title: 'Buy a stack', text: 'Pays for compute units of a task; the chain draws the node that serves them. What is not used comes back when the node claims.' },
  disable: { title: 'Disable the node for good', text: 'The node leaves the network and never works again under this registration. The collateral stays locked until the waiting time has passed.' },
  destroy: { title: 'Remove the node', text: 'Deletes the disabled node on chain and returns its collateral to your wallet.' },
  transfer: { title: 'Send coins', text: 'Coins leave your wallet. Check the address: nobody can call them back.' },
};

/** Name of a price, by the compute units that it is for. */
export const priceText = (priceUnit: bigint): string => (priceUnit === 1n ? 'Price per compute unit, in base units' : `Price per ${priceUnit.toLocaleString('en')} compute units, in base units`);

/** Names of an operation's details. */
export const fieldText = {
  taskSmallId: 'Task',
  maxComputeUnits: 'Most units in one stack',
  stackSmallId: 'Stack',
  stackSmallIds: 'Stacks',
  claimedUnits: 'Units served',
  units: 'Units served, stack by stack',
  computeUnits: 'Compute units',
  root: 'Merkle root of the re-run',
  commitment: 'Commitment',
  role: 'Role',
  modelName: 'Model',
  securityLevel: 'Security',
  minimumReputation: 'Least reputation',
  isPublic: 'Open to every node',
  amount: 'Amount',
  coin: 'Coin',
  to: 'To',
} as const;

/** Native dialogs of the desktop (product.md: quit and close explain running work). */
export const desktopText = {
  fatalTitle: 'The console cannot run',
  stop: {
    message: (running: number) => (running === 1 ? 'One request is still running.' : `${running} requests are still running.`),
    detail: 'Finish first earns them and takes no new ones. Stop now reports them as failed.',
    finish: 'Finish first',
    now: 'Stop now',
    cancel: 'Cancel',
  },
} as const;
