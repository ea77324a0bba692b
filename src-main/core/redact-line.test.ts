/** Nothing secret passes the redaction of a bundle, however it is wrapped; what may stay stays readable. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactLine } from './redact-line.ts';

const phrase = Array.from({ length: 24 }, (_, i) => ['abandon', 'ability', 'zebra'][i % 3]).join(' ');
const key = 'suiprivkey1qy4m7fdrldgu9ewxah606922ng3c2jtrpxfwaa4s34v9tu28tgxku6wnztq';
const address = `0x${'ab'.repeat(32)}`;
const plain = { hideAddresses: false, names: ['rig7', '/home/anna'] };
const hidden = { ...plain, hideAddresses: true };

describe('redactLine', () => {
  it.each([
    ['a private key', `{"detail":"key is ${key}"}`, key, 'key'],
    ['an upper-case one', key.toUpperCase(), key.toUpperCase(), 'key'],
    ['a PEM over lines', '-----BEGIN PRIVATE KEY-----\nMIIsecret\n-----END PRIVATE KEY-----', 'MIIsecret', 'key'],
    ['a PEM cut short', 'x -----BEGIN RSA PRIVATE KEY-----\nMIIsecret', 'MIIsecret', 'key'],
    ['a phrase', `it was ${phrase}.`, 'zebra', 'phrase'],
    ['half a phrase', phrase.split(' ').slice(0, 12).join(' '), 'zebra', 'phrase'],
    ['a phrase as a list', phrase.replaceAll(' ', ', '), 'zebra', 'phrase'],
    ['a passphrase', '{"passphrase":"correct \\"horse\\" battery"}', 'horse', 'phrase'],
    ['a prompt', '{"prompt":"my diary, page \\"one\\""}', 'diary', 'request'],
    ['messages', '{"messages":[{"role":"user","content":"my diary"}]}', 'diary', 'request'],
    ['a token of ours', 'got ocr_abcdefghijklmnop1234', 'ocr_abcdefghijklmnop', 'token'],
    ['a token of a model host', 'hf_abcdefghijklmnop', 'hf_abcdefghijklmnop', 'token'],
    ['a bearer', 'authorization: Bearer abcdefgh.ijkl', 'abcdefgh', 'token'],
    ['a sealed request', 'eyJhbGciOiJSU0EifQ.AAAA.BBBB.CCCC.DDDD', 'AAAA', 'token'],
    ['a one-time link', 'http://127.0.0.1:4100/link/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'AAAAAAAA', 'token'],
    ['a password in an address', 'https://anna:hunter22@node.example/x', 'hunter22', 'token'],
    ['a key in a query', 'https://node.example/?api_key=hunter22&x=1', 'hunter22', 'token'],
    ['a named token', '{"apiToken":"short"}', 'short', 'token'],
  ])('takes out %s', (_, line, secret, kind) => {
    const { text, removed } = redactLine(line, plain);
    expect(text).not.toContain(secret);
    expect(text).not.toContain('\n');
    expect(removed).toContain(kind);
  });

  it.each([
    ['a wallet', `wallet ${address}`, address, 'address'],
    ['a digest', 'tx 8Y7vWnUQnTnkEVsXzRYYHnQ9xd6m4mQZnNHLb3kKZ9qT', '8Y7vWnUQ', 'address'],
    ['a network address', 'from 192.168.1.20', '192.168.1.20', 'address'],
    ['the host', 'on rig7 now', 'rig7', 'machine'],
    ['the folder', '"/home/anna/.local/x"', '/home/anna', 'machine'],
  ])('takes out %s only when asked', (_, line, part, kind) => {
    expect(redactLine(line, plain)).toEqual({ text: line, removed: [] });
    const { text, removed } = redactLine(line, hidden);
    expect(text).not.toContain(part);
    expect(removed).toEqual([kind]);
  });

  it.each(['{"level":"info","event":"job.proved","computeUnits":"12"}', '127.0.0.1:4100', 'Node 24.15.0 on linux x64', '{"tokensPerSecond":38.5,"tokens":12}', 'the console is linked and waits for work on two tasks'])('leaves %s as it is', (line) =>
    expect(redactLine(line, hidden)).toEqual({ text: line, removed: [] }));

  it('lets no secret through wherever it stands in a line', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(key, 'ocr_0123456789abcdefghij', 'hf_0123456789abcdefghij'), fc.string(), (before, secret, after) => {
        expect(redactLine(`${before} ${secret} ${after}`, plain).text).not.toContain(secret);
        expect(redactLine(JSON.stringify({ a: before, passphrase: `${secret}${after}` }), hidden).text).not.toContain(secret);
      }),
    );
  });
});
