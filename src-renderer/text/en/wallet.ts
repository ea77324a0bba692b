/** Text of the page Wallet (product.md, "Wallet"). */

/** The page. */
export const wallet = {
  pageIntro: 'What this node’s key owns. Gas is paid in SUI; work is paid in the coin of the network.',
  noKey: 'There is no key yet. Make one in set-up.',
  toKeys: 'Open keys',
  gasCoin: 'SUI, for gas',
  networkCoin: 'Coin of the network',
  balance: {
    read: 'Read from chain {{ago}}',
    notRead: 'Not read from chain yet',
    reserve: '{{reserve}} of it is kept for gas.',
    low: 'Below the {{reserve}} that should be kept for gas. Top up.',
  },
  topUp: {
    title: 'Top up',
    intro: 'Send {{symbol}} or {{sui}} on {{network}} to this address. Coins of another network are lost.',
    asked: 'Test tokens were asked for. They come with the next reading of the chain.',
  },
  send: 'Send',
  sendHint: 'A transfer cannot be taken back. Check the address letter by letter.',
  coin: 'Coin',
  amount: 'Amount',
  amountHint: '{{amount}}, {{units}} base units',
  badAmount: 'Enter an amount above zero with at most {{decimals}} decimals.',
  to: 'To address',
  preview: 'Preview transfer',
  confirm: 'Confirm transfer',
  sweep: {
    legend: 'How much to send',
    all: 'All above a reserve',
    some: 'An amount',
    keep: 'Keep in the wallet',
    sends: 'Sends {{amount}}, {{units}} base units',
    nothing: 'Nothing is left above that.',
    tooDeep: 'At least {{reserve}} stays for gas; the policy is in Settings.',
  },
  fees: {
    title: 'Attestation fees',
    intro: 'Fees that the contract keeps for this node. A claim withdraws them as well.',
    free: 'Can be withdrawn',
    locked: 'Locked for this epoch',
    withdraw: 'Withdraw fees',
  },
  history: {
    title: 'History',
    intro:
      'What this wallet’s own transactions moved, from final effects on chain. Coins that others sent show in the balance alone.',
    empty: 'This wallet has sent no transaction yet.',
    epoch: 'Epoch',
  },
  browser: {
    title: 'Wallets of this window',
    intro:
      'Connect a wallet of this browser to top up from it, or the key of this node. The window proposes transactions; the wallet decides.',
    own: 'Connect node key',
    connect: 'Connect {{name}}',
    connected: 'Connected: {{name}}',
    none: 'No wallet of this browser offers this network.',
    topUp: 'Top up from {{name}}',
    topUpHint: 'To the address of this node. The wallet asks you before it signs.',
    disconnect: 'Disconnect',
  },
  name: 'Node key',
  linkIntro: 'Balances, top up, sending and history have a page of their own.',
  link: 'Open the wallet',
};
