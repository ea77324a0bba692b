/** Only the coordinator's secp256k1 key signs on the link (coordinator.md 1). */
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { describe, expect, it } from 'vitest';
import { isSignedBy } from './verify.ts';

const text = 'node-link:challenge:x';
const signed = async (key: Ed25519Keypair | Secp256k1Keypair) => ({
  address: key.toSuiAddress(),
  signature: (await key.signPersonalMessage(new TextEncoder().encode(text))).signature,
});

describe('a coordinator’s signature', () => {
  it('holds for its own secp256k1 key, text and address', async () => {
    const { address, signature } = await signed(new Secp256k1Keypair());
    expect(await isSignedBy(address, text, signature)).toBe(true);
    expect(await isSignedBy(address, `${text}y`, signature)).toBe(false);
    expect(await isSignedBy((await signed(new Secp256k1Keypair())).address, text, signature)).toBe(false);
  });
  it('does not hold for a key of another scheme, or for what is no signature', async () => {
    const { address, signature } = await signed(new Ed25519Keypair());
    expect(await isSignedBy(address, text, signature)).toBe(false);
    expect(await isSignedBy(address, text, 'AAAA')).toBe(false);
  });
});
