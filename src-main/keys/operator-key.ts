/** The operator key from a recovery phrase or an exported secret: a Sui secp256k1 account (coordinator.md 1). */
import { decodeSuiPrivateKey } from '@mysten/sui/cryptography';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { generateMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { AppError } from '../../src-shared/errors.ts';
import { createSecret, type Secret } from './secret.ts';

/** Words of a recovery phrase: 256 bits of entropy by BIP-39. */
export const phraseWords = 24;
/** The path that Sui wallets use for secp256k1 accounts, so that the phrase opens the same account elsewhere. */
const operatorPath = `m/54'/784'/0'/0/0`;

/** A fresh 24-word phrase from the system's random source. */
export const newPhrase = (): Secret<string> => createSecret(generateMnemonic(wordlist, 256));

/** One space between words, lower case: how a phrase is compared and derived from, however it was typed. */
export const normalPhrase = (typed: string): string => typed.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ');

/**
 * Reads 24 words or a `suiprivkey…` into the operator key, in its `suiprivkey…` form.
 * @throws AppError keys.bad_phrase for words that are no valid phrase of 24, keys.bad_secret for anything else,
 * also for keys of other schemes. No cause is kept: the codecs quote their input in their messages.
 */
export function readOperatorSecret(typed: string): Secret<string> {
  const text = typed.trim();
  return /\s/.test(text) ? fromPhrase(normalPhrase(text)) : fromExported(text);
}

function fromPhrase(phrase: string): Secret<string> {
  if (phrase.split(' ').length !== phraseWords || !validateMnemonic(phrase, wordlist)) throw new AppError('keys.bad_phrase', { words: phraseWords });
  return createSecret(Secp256k1Keypair.deriveKeypair(phrase, operatorPath).getSecretKey());
}

function fromExported(text: string): Secret<string> {
  try {
    const { scheme, secretKey } = decodeSuiPrivateKey(text);
    if (scheme === 'Secp256k1') return createSecret(Secp256k1Keypair.fromSecretKey(secretKey).getSecretKey());
  } catch {
    // Not a suiprivkey at all: the same refusal as one of another scheme.
  }
  throw new AppError('keys.bad_secret');
}

/** The key pair of a `suiprivkey…` that {@link readOperatorSecret} or this program made: it was tried then, and a seal has kept it since, so no signature is made and checked again. */
export const keypairOf = (secret: Secret<string>): Secp256k1Keypair => Secp256k1Keypair.fromSecretKey(decodeSuiPrivateKey(secret.reveal()).secretKey, { skipValidation: true });
