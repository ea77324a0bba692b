/** Text of the page Why idle: each rule with a sentence for each verdict (product.md, "Why idle"). */

/** By rule: title, and what is shown when it holds, fails, or cannot be told. */
const rules = {
  keys: {
    title: 'Keys are open',
    ok: 'The node can sign.',
    failed_locked: 'The keys are locked, so nothing can be signed.',
    failed_none: 'There is no key yet.',
    unknown: 'Not known yet.',
  },
  model: {
    title: 'Model of task #{{task}} is ready',
    ok: '{{model}} is on disk and verified.',
    failed: '{{model}} is not on disk, or does not match its hashes.',
    unknown: 'Not known yet.',
  },
  provider: {
    title: 'Inference runs',
    ok: 'The inference process answers.',
    failed: 'The inference process is being restarted. {{error}}',
    unknown: 'The inference process is starting.',
  },
  paused: { title: 'Not paused', ok: 'New work is taken.', failed: 'You paused this node.', unknown: 'Not known yet.' },
  heat: {
    title: 'Not too hot',
    ok: 'The hottest GPU has {{hottestC}}\u00a0°C; work pauses at {{pauseAtC}}\u00a0°C.',
    failed: 'A GPU was above {{pauseAtC}}\u00a0°C. Work goes on at {{resumeAtC}}\u00a0°C.',
    unknown: 'No temperature can be read.',
  },
  in_use: {
    title: 'The machine is free',
    ok: 'No other program uses a GPU, as far as it can be told.',
    failed: 'Another program uses this machine. {{by}}',
    unknown: 'Not known yet.',
  },
  schedule: {
    title: 'Within the schedule',
    ok: 'The schedule allows work now.',
    failed: 'The schedule allows no work now.',
    failed_opens: 'The schedule allows no work now. It opens in {{opens}}.',
    unknown: 'Not known yet.',
  },
  coordinator: {
    title: 'The network has a coordinator',
    ok: 'It sends requests to nodes.',
    failed:
      'No coordinator is known for this network: a node can register, settle and claim there, but nobody sends it work.',
    unknown: 'Not known yet.',
  },
  linked: {
    title: 'Linked to the coordinator',
    ok: 'The link is up.',
    failed: 'The link is not up. {{reason}}',
    unknown: 'Not known yet.',
  },
  clock: {
    title: 'The clock is right',
    ok: '{{ahead}} from the coordinator’s clock; {{limit}} is allowed.',
    failed:
      '{{ahead}} from the coordinator’s clock; only {{limit}} is allowed. Switch on automatic time in the system settings.',
    unknown: 'Compared when the link is made.',
  },
  chain_read: {
    title: 'The chain answers',
    ok: 'The chain was read.',
    failed: 'The chain does not answer.',
    unknown: 'The chain was not read yet.',
  },
  registered: {
    title: 'Registered',
    ok: 'The node is registered on chain.',
    failed: 'This wallet holds no node.',
    unknown: 'The chain was not read yet.',
  },
  enabled: {
    title: 'Enabled',
    ok: 'The node was not disabled.',
    failed: 'The node was disabled for good and is never drawn again.',
    unknown: 'The chain was not read yet.',
  },
  collateral: {
    title: 'Collateral is above zero',
    ok: '{{collateral}} is locked.',
    failed: 'The collateral is used up. A node without any is never drawn.',
    unknown: 'The chain was not read yet.',
  },
  gas: {
    title: 'SUI for gas',
    ok: '{{sui}}; {{reserve}} is kept in reserve.',
    failed: '{{sui}} is below the reserve of {{reserve}}: settling and claiming may stop.',
    unknown: 'The chain was not read yet.',
  },
  subscribed: {
    title: 'Subscribed to a task',
    ok_one: 'One task is served.',
    ok_other: '{{count}} tasks are served.',
    failed: 'No task is served at a real price.',
    unknown: 'The chain was not read yet.',
  },
  price: {
    title: 'Price on task #{{task}}',
    ok: 'Price {{price}} — {{paying}} of the last {{buyers}} buyers paid at least that.',
    failed: 'Price {{price}} — none of the last {{buyers}} buyers paid that much, so this node cannot be drawn.',
    unknown: 'Price {{price}} — nobody bought on this task lately.',
  },
  max_units: {
    title: 'Limit on task #{{task}}',
    ok: 'Limit {{limit}} units — {{fitting}} of the last {{buyers}} stacks fit.',
    failed: 'Limit {{limit}} units — none of the last {{buyers}} stacks fits, so this node cannot be drawn.',
    unknown: 'Limit {{limit}} units — nobody bought on this task lately.',
  },
  reputation: {
    title: 'Reputation on task #{{task}}',
    ok: '{{reputation}}; the task asks for {{needed}}.',
    failed:
      '{{reputation}}; the task asks for {{needed}}. The contract never changes a reputation: choose another task.',
    unknown: 'The chain was not read yet.',
  },
};

/** The page. */
export const whyIdle = {
  title: 'Why idle',
  intro: 'Every rule that decides whether this node gets work, as it holds now.',
  link: 'Why?',
  clear:
    'Nothing stands in the way. Whether a request comes is up to buyers: the contract draws one of the eligible nodes for each stack.',
  blocked_one: 'One rule stands in the way.',
  blocked_other: '{{count}} rules stand in the way.',
  status: { ok: 'Holds', failed: 'Fails', unknown: 'Unknown' },
  group: { machine: 'Machine', link: 'Link', chain: 'Chain', market: 'Market' },
  none: {
    machine: 'No rule applies.',
    link: 'No rule applies.',
    chain: 'No rule applies.',
    market: 'Subscribe to a task to see its rules.',
  },
  fix: {
    setup: 'Open set-up',
    settings: 'Open settings',
    leave: 'Open leaving',
    tasks: 'Open tasks',
    models: 'Open models',
    hardware: 'Open hardware',
    wallet: 'Open wallet',
    network: 'Open network',
    resume: 'Resume',
  },
  rule: rules,
};
