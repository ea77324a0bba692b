/** Checks a coordinator's signature: a Sui personal message whose recovered address is compared (coordinator.md 1). */
import { verifyPersonalMessageSignature } from '@mysten/sui/verify';

/** Scheme flag of Sui secp256k1 signatures: no other scheme signs on the link. */
const secp256k1Flag = 1;

/** True when `signature` over the UTF-8 text belongs to `address`. A malformed signature is as wrong as a foreign one. */
export async function isSignedBy(address: string, text: string, signature: string): Promise<boolean> {
  try {
    const key = await verifyPersonalMessageSignature(new TextEncoder().encode(text), signature);
    return key.flag() === secp256k1Flag && key.toSuiAddress() === address;
  } catch {
    return false;
  }
}
