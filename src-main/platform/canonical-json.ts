/** Canonical JSON bytes by RFC 8785: what a manifest's signature is over (coordinator.md 2). */
import canonicalize from 'canonicalize';

/** The RFC 8785 text of a JSON value in UTF-8. Throws on values that JSON has not (NaN, lone surrogates, cycles). */
export function canonicalJson(value: object): Uint8Array {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return new TextEncoder().encode(text);
}
