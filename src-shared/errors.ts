/** The closed list of error codes, each with its kind and the sentence for the operator (architecture.md, "Errors"). */

/**
 * How an error may be treated: `refused` is never retried, `transient` is retried by backoff, `in_doubt` may have
 * happened and is looked up first, `fatal` stops the node, `bug` is a broken invariant (everything unknown lands here).
 */
export type ErrorKind = 'refused' | 'transient' | 'in_doubt' | 'fatal' | 'bug';

type ErrorEntry = { kind: ErrorKind; sentence: string };

const entry = (kind: ErrorKind, sentence: string): ErrorEntry => ({ kind, sentence });

/** Code → kind and sentence. `{name}` stands for the field of that name. */
export const errorTable = {
  'bug.unexpected': entry('bug', 'Something went wrong inside the console. Save the log from Settings and report it.'),
  'bridge.unknown_call': entry('refused', 'This window asked for something the console does not offer. Reload the window.'),
  'bridge.bad_input': entry('refused', 'That input cannot be used: {detail}. Correct it and try again.'),
  'bridge.bad_sender': entry('refused', 'A page that is not the console asked for something; it was refused.'),
  'bridge.bad_output': entry('bug', 'The console produced an answer it cannot show. Save the log from Settings and report it.'),
  'bridge.not_signed_in': entry('refused', 'This browser is not signed in. Open the one-time link that the console printed.'),
  'bridge.unreachable': entry('transient', 'The console does not answer. Check that it is still running, then reload.'),
  'host.bad_flag': entry('refused', 'The command line cannot be used: {detail}.'),
  'host.port_in_use': entry('fatal', 'Port {port} is used by another program. Choose another one with --port.'),
  'host.no_console': entry('refused', 'No console has used the folder {folder} yet. Start the console there once, or name another folder with --data-dir.'),
  'host.needs_console': entry('refused', 'This needs a running console, and none runs on {folder}. Start it, then try again.'),
  'host.other_network': entry('refused', 'The running console is on the network {found}, not {expected}. Leave --network away, or choose the network in the console.'),
  'host.window_missing': entry('fatal', 'The window has not been built ({detail}). Run: npm run build'),
  'fleet.bad_address': entry('refused', 'That address cannot be listed: {detail}.'),
  'fleet.unknown': entry('refused', 'There is no such console in the list any more. Read again.'),
  'fleet.full': entry('refused', 'The list holds {most} consoles already. Remove one first.'),
  'remote.unknown': entry('refused', 'That session or token has ended already.'),
  'remote.full': entry('refused', 'There are {most} tokens already. Revoke one first.'),
  'keys.missing': entry('fatal', 'The key of this node is missing although it is registered. Restore it from the recovery phrase; no new key was made.'),
  'keys.not_created': entry('refused', 'There is no key yet. Create or import one first.'),
  'keys.exists': entry('refused', 'A key exists already. It was not replaced.'),
  'keys.locked': entry('refused', 'The keys are locked. Unlock them with the passphrase.'),
  'keys.wrong_passphrase': entry('refused', 'That passphrase does not open the keys. Try again.'),
  'keys.weak_passphrase': entry('refused', 'The passphrase is too short. Use at least {minimum} characters.'),
  'keys.bad_phrase': entry('refused', 'That is not a valid recovery phrase. Check the {words} words and their order.'),
  'keys.phrase_mismatch': entry('refused', 'The words entered differ from the phrase shown. Compare them and enter them again.'),
  'keys.bad_secret': entry('refused', 'That is neither a 24-word phrase nor a suiprivkey secret of a secp256k1 key.'),
  'keys.too_open': entry('fatal', 'The key folder can be read by others. Run: {command}'),
  'keys.damaged': entry('fatal', 'The sealed key file is damaged. Restore it from the recovery phrase and the node-key backup.'),
  'keys.keychain_unavailable': entry('refused', 'The keychain of this system does not answer ({detail}). Unlock it, or use a passphrase instead.'),
  'keys.keychain_key_missing': entry('fatal', 'The keychain no longer holds the key that opens the key file. Restore from the recovery phrase.'),
  'keys.other_wallet': entry('refused', 'That belongs to the wallet {found}, while this phrase opens {expected}. Choose the matching one.'),
  'keys.rehearsal_failed': entry('refused', 'These words bring back the wallet {found}, not {expected}, which is the one of this node. Nothing was changed. Look for the words of this node; if they are lost, leave the network and send what the wallet holds to one whose words you have.'),
  'keys.other_node': entry('refused', 'That backup holds the keys of the node {found}, while this node is {expected}. Choose the backup of this node.'),
  'keys.old_backup': entry('refused', 'That backup is from before the liveness key was replaced. It would bring the old key back: save the node keys again.'),
  'keys.decrypt_failed': entry('refused', 'The payload does not open with the key of this node.'),
  'keys.backup_unconfirmed': entry('refused', 'Confirm the backup of the recovery phrase first.'),
  'keys.in_use': entry('fatal', 'Another console on this computer (process {pid}) already works with the key of wallet {wallet}. Two would lock each other\'s coins: close the other one first, or use another key here.'),
  'store.sqlite_missing': entry('fatal', 'This Node.js has no SQLite. Use Node 22.13 or newer, or start through npm.'),
  'store.newer_schema': entry('fatal', 'The data folder was written by a newer version ({version}). Update the console.'),
  'store.damaged': entry('fatal', 'The database cannot be read ({detail}). Restore the data folder from a backup.'),
  'store.bad_row': entry('bug', 'A stored record of {table} cannot be read. It was set aside and is shown in Settings.'),
  'store.in_use': entry('fatal', 'Another console (process {pid}) already uses this data folder. Close it first.'),
  'network.bad_profile': entry('refused', 'The network profile cannot be used: {detail}.'),
  'network.wrong_chain': entry('refused', 'The endpoint {endpoint} serves chain {found}, not {expected}. Nothing was signed. Correct the endpoint.'),
  'network.unknown_package': entry('refused', 'There is no Atoma contract at {packageId} on this chain. Correct the package id of the profile, or its endpoints.'),
  'network.wrong_contract': entry('refused', 'The package {packageId} matches neither known generation of the contract ({detail}). Nothing was signed. Name another package in the profile, or update the console.'),
  'network.wrong_generation': entry('refused', 'The package {packageId} is of generation {found}, the profile says {expected}. Set the generation to {found} and name the database and coin that belong to it.'),
  'network.wrong_coin': entry('refused', 'The contract {packageId} takes {found}, the profile says {expected}. Correct the coin of the profile.'),
  'network.wrong_db': entry('refused', '{objectId} is not the database of the package {packageId}: {detail}. Correct the database id of the profile.'),
  'network.wrong_faucet': entry('refused', '{objectId} is not a faucet: {detail}. Correct the faucet of the profile, or leave it out.'),
  'network.wrong_badge': entry('refused', 'The badge {badgeId} is not one of this contract ({found}). Choose a badge of {expected}.'),
  'network.no_coordinator': entry('refused', 'This network has no coordinator, so no work can be dispatched here.'),
  'network.sandbox_failed': entry('fatal', 'The embedded sandbox network did not start: {detail}.'),
  'chain.unreachable': entry('transient', 'The chain endpoint does not answer. The console tries again by itself.'),
  'chain.behind': entry('transient', 'The endpoint {endpoint} is at checkpoint {checkpoint}, behind {needed}, which was read already. The console waits until it has caught up.'),
  'chain.rejected': entry('refused', 'The chain refused the transaction: {detail}.'),
  'chain.aborted': entry('refused', '{sentence}'),
  'chain.in_doubt': entry('in_doubt', 'A transaction was sent and its outcome is not known yet. The console is looking it up.'),
  'chain.insufficient_gas': entry('refused', 'Not enough SUI for gas: {needed} needed, {available} available. Add SUI to the wallet.'),
  'chain.insufficient_coin': entry('refused', 'Not enough {symbol}: {needed} needed, {available} available.'),
  'chain.not_ready': entry('transient', 'The chain has not been read yet. Wait a moment.'),
  'chain.not_registered': entry('refused', 'This wallet has no registered node on this network. Register first.'),
  'chain.already_registered': entry('refused', 'This wallet already has a node on this network.'),
  'chain.no_badge': entry('refused', 'This wallet does not hold the {badge} that this needs. Use the wallet that holds it.'),
  'chain.overflow': entry('refused', 'Price times units is too large for the contract. Lower one of them.'),
  'chain.expired': entry('transient', 'A transaction expired before it was executed. It is built again.'),
  'intent.not_allowed': entry('refused', 'The console signs only known operations; this one is not among them.'),
  'intent.unknown': entry('refused', 'That request is no longer waiting. Start it again.'),
  'intent.declined': entry('refused', 'You declined. Nothing was sent.'),
  'intent.expired': entry('refused', 'The confirmation took too long. Nothing was sent; start again.'),
  'inference.input_too_large': entry('refused', 'The request is larger than the compute units it may use.'),
  'inference.bad_input': entry('refused', 'The model cannot read what the request holds: {detail}.'),
  'inference.no_pipeline': entry('refused', 'This console has no engine of its own for {work}. Connect an external engine that does it, under Settings.'),
  'inference.model_unavailable': entry('refused', 'The model {model} is not on this disk or its files do not match their hashes.'),
  'inference.model_failed': entry('transient', 'The model failed while running ({detail}).'),
  'inference.out_of_memory': entry('transient', 'The machine ran out of memory while running the model.'),
  'inference.process_died': entry('transient', 'The inference process ended unexpectedly. It is started again.'),
  'engine.bad_settings': entry('refused', 'That engine cannot be used: {detail}.'),
  'engine.unknown': entry('refused', 'There is no such engine or model of it any more. Read again.'),
  'engine.unreachable': entry('transient', 'The engine {engine} does not answer. Check that it runs and that its address is right.'),
  'engine.busy': entry('transient', 'The engine {engine} is at its limit. It is asked again later.'),
  'engine.failed': entry('transient', 'The engine {engine} failed (status {status}). Look into its own log.'),
  'engine.bad_token': entry('refused', 'The engine {engine} wants another token (status {status}). Enter it in its settings.'),
  'engine.refused': entry('refused', 'The engine {engine} refused the request: {detail}.'),
  'engine.bad_answer': entry('transient', 'The engine {engine} does not keep to its interface: {detail}.'),
  'engine.not_deterministic': entry('refused', 'The engine {engine} was not proved to give equal bytes, so it takes no task under sampling consensus.'),
  'ingress.bad_settings': entry('refused', 'Direct requests cannot be set up like this: {detail}.'),
  'ingress.port_unusable': entry('refused', 'Port {port} is used by another program or not allowed. Choose another one for direct requests.'),
  'ingress.not_announced': entry('transient', 'The address was not announced: {detail}. It is tried again by itself.'),
  'models.bad_host': entry('refused', 'That host of models cannot be used: {detail}.'),
  'models.bad_repo': entry('refused', 'That is not the name of a model. It looks like "owner/name".'),
  'models.host_unreachable': entry('transient', 'The host of models ({host}) does not answer. Check the connection, or choose a mirror.'),
  'models.host_busy': entry('transient', 'The host of models is busy (status {status}). It is asked again later.'),
  'models.host_refused': entry('refused', 'The host of models refused the request (status {status}).'),
  'models.needs_token': entry('refused', 'The host of models wants a token for this (status {status}). Enter one under "Where models come from".'),
  'models.not_found': entry('refused', 'The host of models has no such model or revision. Check the name.'),
  'models.bad_redirect': entry('refused', 'The host of models sent the console to an address that it may not ask. Nothing was fetched there.'),
  'models.range_refused': entry('transient', 'The host of models refused a part of a file. It is asked for the whole.'),
  'models.host_lied': entry('transient', 'The host of models broke the rules of the transfer: {detail}. It is asked again.'),
  'models.stalled': entry('transient', 'The transfer stood still. It is asked for again.'),
  'models.cut_off': entry('transient', 'The transfer was cut off. It goes on where it ended.'),
  'models.bad_listing': entry('refused', 'The file list of the host cannot be used: {detail}.'),
  'models.unsafe_path': entry('refused', 'The file list names a path that is never written ({path}). Nothing of it was fetched.'),
  'models.size_mismatch': entry('refused', '{file} has another size at the host than its list says. Nothing of it was installed; try another host.'),
  'models.hash_mismatch': entry('refused', '{file} does not match its hash, twice in a row. Nothing of it was installed; try another host.'),
  'models.disk_full': entry('refused', 'Not enough room on the disk: {needed} bytes needed, {available} free. Make room, then resume.'),
  'models.disk_failed': entry('refused', 'The disk refused to keep the model ({detail}). Mend that, then resume.'),
  'models.unsupported': entry('refused', 'This model cannot be served: {detail}.'),
  'models.exists': entry('refused', 'This revision is on the disk already. Remove it first to take another quantisation.'),
  'models.unknown': entry('refused', 'The store has no such model or download any more. Read again.'),
  'wasm.bad_module': entry('refused', 'The module of the request cannot be run: {detail}.'),
  'wasm.module_unavailable': entry('transient', 'The address of the module does not answer.'),
  'wasm.too_slow': entry('transient', 'The module took longer than any may.'),
  'wasm.process_died': entry('transient', 'The process of the module ended unexpectedly. The node goes on.'),
  'confidential.refused': entry('refused', 'Confidential tasks are not served here: {detail}.'),
  'confidential.not_uploaded': entry('transient', 'The evidence of the confidential key was not taken by the network’s proxy: {detail}. It stands on chain all the same.'),
  'confidential.no_evidence': entry('transient', 'The evidence of the confidential hardware could not be read: {detail}. The key is announced when it can.'),
  'wasm.needs_tee': entry('refused', 'The task asks for confidential compute, and this machine has no hardware for it.'),
  'link.protocol': entry('refused', 'The coordinator broke the protocol ({detail}). The link was closed and is opened again.'),
  'link.refused': entry('refused', 'The coordinator refused this node: {code}. {detail} Mend the cause, then pause and resume to try again.'),
  'link.coordinator_changed': entry('refused', 'The coordinator shows another identity ({found}) than before ({expected}). Agree to the change in Settings, or leave it.'),
  'link.down': entry('transient', 'The link to the coordinator is down. The console reconnects by itself.'),
  'job.bad_envelope': entry('refused', 'The sealed request is not addressed to this node and task.'),
  'job.bad_payload': entry('refused', 'The request inside the envelope cannot be used: {detail}.'),
  'job.result_too_large': entry('refused', 'The answer is larger than the network allows.'),
  'job.proof_conflict': entry('bug', 'A second, different result for task {taskId} was refused: one was already signed.'),
  'attest.history_refused': entry('transient', 'The coordinator does not give the history of this stack yet ({code}). It is asked again by itself.'),
  'attest.cannot_rerun': entry('transient', 'This machine cannot run {work} now, so it cannot check the stack. It is tried again by itself.'),
  'attest.not_possible': entry('refused', 'That cannot be done with this attestation: {detail}.'),
  'leave.not_possible': entry('refused', 'Leaving cannot be changed now: {detail}.'),
  'setup.not_ready': entry('refused', 'An earlier step of the set-up is not finished: {detail}.'),
} satisfies Record<string, ErrorEntry>;

/** A code of {@link errorTable}. */
export type ErrorCode = keyof typeof errorTable;

/** Values an error carries beside its code; plain JSON values, never secrets. */
export type ErrorFields = Readonly<Record<string, string | number | boolean | null>>;

/** Kind of a code. */
export const kindOf = (code: ErrorCode): ErrorKind => errorTable[code].kind;

/** The operator's sentence of a code with its fields filled in; an absent field shows as "?". */
export function sentenceFor(code: ErrorCode, fields: ErrorFields = {}): string {
  return errorTable[code].sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(fields[name] ?? '?'));
}

/** True for a string that is one of the codes; used where an error arrives over a boundary. */
export const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorTable, value);

/** The only error thrown on purpose: a closed code, its fields, and the cause; the message is derived, never parsed. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: ErrorFields;

  constructor(code: ErrorCode, fields: ErrorFields = {}, options: { cause?: unknown } = {}) {
    super(sentenceFor(code, fields), options);
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
  }

  get kind(): ErrorKind {
    return kindOf(this.code);
  }
}

/** Turns anything caught at an edge into an AppError; what is not one becomes `bug.unexpected` with the cause kept. */
export function toAppError(caught: unknown): AppError {
  return caught instanceof AppError ? caught : new AppError('bug.unexpected', {}, { cause: caught });
}
