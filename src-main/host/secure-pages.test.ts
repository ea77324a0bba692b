/** The host's own pages as functions: create with proof of backup, import, restore, unlock, backup, confirm; wrong passphrases, expiry and secrets. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Proposal } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createLogger } from '../log/logger.ts';
import { callCases } from './call-cases.ts';
import type { SecureApi, SecurePage } from './secure-api.ts';
import { createSecurePages, type SecureResponse } from './secure-pages.ts';
import { createSecureTokens } from './secure-tokens.ts';

const words = Array.from({ length: 24 }, (_, index) => `quartz${String.fromCharCode(97 + index)}`);
const phrase = words.join(' ');
const right = 'correct horse battery';
const secret = 'suiprivkey1qy4m7fdrldgu9ewxah606922ng3c2jtrpxfwaa4s34v9tu28tgxku6wnztq';

type Setting = { keychain?: boolean; exists?: boolean; grave?: 'button' | 'passphrase'; proposal?: Partial<Proposal['preview']> | null };

/** A node in miniature that notes every act. */
function stubApi({ keychain = false, exists = true, grave = 'passphrase', proposal = {} }: Setting, acts: unknown[][]): SecureApi {
  const needRight = (passphrase: string | null): void => {
    if (passphrase !== right && !keychain) throw new AppError('keys.wrong_passphrase');
  };
  const waiting = proposal === null ? null : { ...callCases['wallet.propose'].output, preview: { ...callCases['wallet.propose'].output.preview, ...proposal } };
  return {
    keys: () => ({ ...callCases['keys.get'].output, exists, store: keychain ? { kind: 'keychain', name: 'Secret Service' } : { kind: 'passphrase', name: 'sealed file' } }),
    needsNewPassphrase: () => !keychain,
    grave: () => grave,
    createKey: async (o) => {
      acts.push(['createKey', o]);
      if (o.passphrase !== null && o.passphrase.length < 8) throw new AppError('keys.weak_passphrase', { minimum: 8 });
      return { phrase };
    },
    confirmBackup: async (typed) => void acts.push(['confirmBackup', typed]),
    importKey: async (o) => void acts.push(['importKey', o]),
    restore: async (o) => void acts.push(['restore', o]),
    unlock: async (passphrase) => {
      needRight(passphrase);
      acts.push(['unlock', passphrase]);
    },
    exportNodeKeys: async (passphrase) => {
      acts.push(['exportNodeKeys', passphrase]);
      return new TextEncoder().encode('{"sealed":true}');
    },
    rehearse: async (o) => {
      acts.push(['rehearse', o]);
      if (o.phrase !== phrase) throw new AppError('keys.rehearsal_failed', { found: '0x1', expected: '0x2' });
    },
    rotateLiveness: async (passphrase) => {
      needRight(passphrase);
      acts.push(['rotateLiveness', passphrase]);
    },
    proposal: () => waiting,
    approve: async (id, passphrase) => {
      if (grave === 'passphrase') needRight(passphrase);
      acts.push(['approve', id, passphrase]);
    },
    decline: (id) => void acts.push(['decline', id]),
  };
}

function open(page: SecurePage, setting: Setting = {}) {
  let clockMs = 1_000;
  const acts: unknown[][] = [];
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => clockMs });
  const tokens = createSecureTokens({ now: () => clockMs, randomBytes });
  const pages = createSecurePages({ api: stubApi(setting, acts), tokens, random: () => 0.5, log });
  const token = tokens.issue(page);
  const send = (method: string, contentType: string, body: Uint8Array<ArrayBuffer>): Promise<SecureResponse> => pages({ method, token, contentType, body });
  return {
    acts,
    lines,
    token,
    tokens,
    pages,
    get: () => send('GET', '', new Uint8Array()),
    post: (fields: Record<string, string>) => send('POST', 'application/x-www-form-urlencoded', new TextEncoder().encode(new URLSearchParams(fields).toString())),
    raw: send,
    wait: (ms: number) => (clockMs += ms),
  };
}

const asked = (page: string): number[] => [...page.matchAll(/name="word-(\d+)"/g)].map((match) => Number(match[1]));

describe('every page', () => {
  it.each([['create', { exists: false }], ['import', {}], ['restore', {}], ['unlock', {}], ['backup', {}], ['rehearse', {}], ['rotate', {}]] as const)('%s: one heading, language, labels, no script, strict policy', async (kind, setting) => {
    const page = await open({ kind }, setting).get();
    const body = String(page.body);
    expect(page.status).toBe(200);
    expect(body.match(/<h1>/g)).toHaveLength(1);
    expect(body).toContain('<html lang="en">');
    expect(body).not.toMatch(/<script|javascript:| on[a-z]+=| style="/i);
    const ids = [...body.matchAll(/<(?:input|textarea) id="([^"]+)"/g)].map((match) => match[1]);
    for (const id of ids) expect(body, id).toContain(`<label for="${id}">`);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/);
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('is gone after ten minutes, and for an unknown token', async () => {
    const visit = open({ kind: 'unlock' });
    visit.wait(10 * 60_000 - 1);
    expect((await visit.get()).status).toBe(200);
    visit.wait(1);
    expect((await visit.get()).status).toBe(410);
    expect((await visit.pages({ method: 'GET', token: 'x', contentType: '', body: new Uint8Array() })).status).toBe(410);
  });

  it.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS'])('refuses the method %s', async (method) => {
    expect((await open({ kind: 'unlock' }).raw(method, '', new Uint8Array())).status).toBe(405);
  });

  it.each([['text/plain', 'act=approve'], ['application/json', '{"act":"approve"}'], ['multipart/form-data', 'no boundary'], ['', 'x']])('does nothing for a body of type "%s"', async (contentType, body) => {
    const visit = open({ kind: 'confirm', proposalId: 'p1' }, { grave: 'button' });
    expect((await visit.raw('POST', contentType, new TextEncoder().encode(body))).status).toBe(400);
    expect(visit.acts).toEqual([]);
  });
});

describe('create', () => {
  const fresh = { exists: false };

  it('asks for a passphrase, shows the words, asks for six of them, then keeps the key', async () => {
    const visit = open({ kind: 'create' }, fresh);
    expect(String((await visit.get()).body)).toContain('autocomplete="new-password"');
    const shown = String((await visit.post({ act: 'start', passphrase: right, repeat: right })).body);
    expect([...shown.matchAll(/<li>([^<]+)<\/li>/g)].map((match) => match[1])).toEqual(words);
    const form = String((await visit.post({ act: 'written' })).body);
    const positions = asked(form);
    expect(new Set(positions).size).toBe(6);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    for (const word of words) expect(form).not.toContain(word);
    expect(visit.acts).toEqual([['createKey', { passphrase: right }]]);

    const answers = Object.fromEntries(positions.map((position) => [`word-${position}`, ` ${words[position - 1]?.toUpperCase()} `]));
    const wrong = await visit.post({ act: 'check', ...answers, [`word-${positions[3]}`]: 'other' });
    expect(wrong).toMatchObject({ status: 422, done: false });
    expect(String(wrong.body)).toContain('differ from the phrase shown');
    expect(asked(String(wrong.body))).toEqual(positions);

    const done = await visit.post({ act: 'check', ...answers });
    expect(done).toMatchObject({ status: 200, done: true });
    expect(visit.acts.at(-1)).toEqual(['confirmBackup', phrase]);
    expect((await visit.get()).status).toBe(410);
  });

  it('needs no passphrase where a keychain seals', async () => {
    const visit = open({ kind: 'create' }, { ...fresh, keychain: true });
    expect(String((await visit.get()).body)).not.toContain('type="password"');
    await visit.post({ act: 'start' });
    expect(visit.acts).toEqual([['createKey', { passphrase: null }]]);
  });

  it('shows the words again on request, and cannot be confirmed before re-entry', async () => {
    const visit = open({ kind: 'create' }, { ...fresh, keychain: true });
    await visit.post({ act: 'start' });
    expect(visit.acts).toEqual([['createKey', { passphrase: null }]]);
    expect(String((await visit.post({ act: 'check' })).body)).toContain('<li>');
    await visit.post({ act: 'written' });
    expect((await visit.post({ act: 'check' })).status).toBe(422);
    expect(String((await visit.post({ act: 'again' })).body)).toContain('<li>');
    expect(visit.acts).toHaveLength(1);
  });

  it.each([
    ['two that differ', { passphrase: right, repeat: 'other' }, 'differ'],
    ['a short one', { passphrase: 'short', repeat: 'short' }, 'at least 8'],
  ])('refuses %s', async (_, fields, message) => {
    const visit = open({ kind: 'create' }, fresh);
    const answer = await visit.post({ act: 'start', ...fields });
    expect(answer.status).toBe(422);
    expect(String(answer.body)).toContain(message);
    expect(String(answer.body)).not.toContain('<li>');
  });

  it('offers nothing when a key exists', async () => {
    expect(String((await open({ kind: 'create' }).get()).body)).not.toContain('<form');
  });
});

describe('import, restore, unlock, backup', () => {
  it('imports a secret', async () => {
    const visit = open({ kind: 'import' });
    expect((await visit.post({ secret: ` ${secret}\n`, passphrase: right, repeat: right })).done).toBe(true);
    expect(visit.acts).toEqual([['importKey', { secret, passphrase: right }]]);
  });

  it('restores with and without the node-key backup', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ phrase, 'node-keys-passphrase': 'backup pass', passphrase: right, repeat: right })) form.set(name, value);
    form.set('node-keys', new File(['{"sealed":true}'], 'keys.json'));
    const sent = new Response(form);
    const visit = open({ kind: 'restore' });
    const answer = await visit.raw('POST', sent.headers.get('content-type') ?? '', new Uint8Array(await sent.arrayBuffer()));
    expect(answer.done).toBe(true);
    expect(visit.acts).toEqual([['restore', { phrase, nodeKeys: new TextEncoder().encode('{"sealed":true}'), nodeKeysPassphrase: 'backup pass', passphrase: right }]]);

    const plain = open({ kind: 'restore' }, { keychain: true });
    await plain.post({ phrase });
    expect(plain.acts).toEqual([['restore', { phrase, nodeKeys: null, nodeKeysPassphrase: null, passphrase: null }]]);
  });

  it('unlocks by passphrase, or by the keychain without one', async () => {
    const visit = open({ kind: 'unlock' });
    expect((await visit.post({ passphrase: right })).done).toBe(true);
    const byKeychain = open({ kind: 'unlock' }, { keychain: true });
    await byKeychain.post({ passphrase: 'ignored' });
    expect([...visit.acts, ...byKeychain.acts]).toEqual([['unlock', right], ['unlock', null]]);
  });

  it('sends the backup as a download', async () => {
    const visit = open({ kind: 'backup' });
    const answer = await visit.post({ passphrase: right, repeat: right });
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="[a-z-]+\.json"$/);
    expect(answer.body).toEqual(new TextEncoder().encode('{"sealed":true}'));
    expect((await visit.post({ passphrase: right, repeat: 'x' })).status).toBe(422);
  });
});

describe('rehearse and rotate', () => {
  const sendForm = async (visit: ReturnType<typeof open>, values: Record<string, string | File>): Promise<SecureResponse> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(values)) form.set(name, value);
    const sent = new Response(form);
    return visit.raw('POST', sent.headers.get('content-type') ?? '', new Uint8Array(await sent.arrayBuffer()));
  };

  it('says that other words bring another wallet back, and tries words and file until they are right', async () => {
    const visit = open({ kind: 'rehearse' });
    const wrong = await sendForm(visit, { phrase: 'other words' });
    expect([wrong.status, wrong.done]).toEqual([422, false]);
    expect(String(wrong.body)).toContain('Nothing was changed.');
    expect(String(wrong.body)).not.toContain('other words');
    const tried = await sendForm(visit, { phrase: ` ${phrase}`, 'node-keys': new File(['{}'], 'keys.json'), 'node-keys-passphrase': 'of the file' });
    expect([tried.done, String(tried.body).includes('The backup is right')]).toEqual([true, true]);
    expect(visit.acts.at(-1)).toEqual(['rehearse', { phrase, nodeKeys: new TextEncoder().encode('{}'), nodeKeysPassphrase: 'of the file' }]);
  });

  it('replaces the liveness key by the passphrase, or by the keychain without one', async () => {
    const visit = open({ kind: 'rotate' });
    expect((await visit.post({ passphrase: 'wrong' })).status).toBe(422);
    expect((await visit.post({ passphrase: right })).done).toBe(true);
    const byKeychain = open({ kind: 'rotate' }, { keychain: true });
    expect(String((await byKeychain.get()).body)).not.toContain('type="password"');
    await byKeychain.post({});
    expect([...visit.acts, ...byKeychain.acts]).toEqual([['rotateLiveness', right], ['rotateLiveness', null]]);
  });
});

describe('confirm', () => {
  const page = { kind: 'confirm', proposalId: 'p1' } as const;

  it('shows every field, amounts with coin and base units, gas, and signs with the passphrase', async () => {
    const visit = open(page);
    const body = String((await visit.get()).body);
    for (const part of ['Subscribe to a task', '<dt>Task</dt><dd>1</dd>', 'You pay', '0.000001 TOMA', '(1000 base units)', '0.000002 SUI', '(2000 MIST)', 'Sign and send', 'Decline', 'type="password"']) expect(body).toContain(part);
    expect(body).not.toContain('cannot be undone');
    expect((await visit.post({ act: 'approve', passphrase: right })).done).toBe(true);
    expect(visit.acts).toEqual([['approve', 'p1', right]]);
    expect((await visit.post({ act: 'approve', passphrase: right })).status).toBe(410);
    expect(visit.acts).toHaveLength(1);
  });

  it('needs only the button on the desktop, and never signs without it', async () => {
    const visit = open(page, { grave: 'button' });
    expect(String((await visit.get()).body)).not.toContain('type="password"');
    expect((await visit.post({})).status).toBe(422);
    expect((await visit.post({ act: 'APPROVE' })).status).toBe(422);
    expect(visit.acts).toEqual([]);
    await visit.post({ act: 'approve' });
    expect(visit.acts).toEqual([['approve', 'p1', null]]);
  });

  it('declines', async () => {
    const visit = open(page);
    expect((await visit.post({ act: 'decline' })).done).toBe(true);
    expect(visit.acts).toEqual([['decline', 'p1']]);
  });

  it('warns of what cannot be undone and does not offer what the chain would refuse', async () => {
    expect(String((await open(page, { proposal: { irreversible: true } }).get()).body)).toContain('This cannot be undone.');
    const refused = String((await open(page, { proposal: { possible: false, problem: { code: 'x', message: 'Too early <b>' } } }).get()).body);
    expect(refused).toContain('Too early &lt;b&gt;');
    expect(refused).not.toContain('value="approve"');
    expect((await open(page, { proposal: null }).get()).status).toBe(410);
  });

  it('closes after five wrong passphrases', async () => {
    const visit = open(page);
    for (let attempt = 1; attempt <= 4; attempt += 1) expect((await visit.post({ act: 'approve', passphrase: 'guess' })).status, `attempt ${attempt}`).toBe(422);
    expect((await visit.post({ act: 'approve', passphrase: 'guess' })).status).toBe(403);
    expect((await visit.post({ act: 'approve', passphrase: right })).status).toBe(410);
    expect(visit.acts).toEqual([]);
  });

  it('acts once when the form is sent twice', async () => {
    const visit = open(page);
    const [first, second] = await Promise.all([visit.post({ act: 'approve', passphrase: right }), visit.post({ act: 'approve', passphrase: right })]);
    expect(visit.acts).toHaveLength(1);
    expect([first.status, second.status].sort()).not.toEqual([200, 200]);
  });
});

describe('secrets', () => {
  it('never reach a log or an error page', async () => {
    const visit = open({ kind: 'import' });
    visit.acts.push = () => {
      throw new AppError('keys.bad_secret', {}, { cause: new Error(`cannot read ${secret}`) });
    };
    const answer = await visit.post({ secret, passphrase: right, repeat: right });
    expect(answer.status).toBe(422);
    visit.acts.push = () => {
      throw new Error(`unexpected ${phrase} ${secret}`);
    };
    const bug = await visit.post({ secret, passphrase: right, repeat: right });
    const all = `${String(answer.body)}${String(bug.body)}${visit.lines.join('')}`;
    expect(visit.lines.length).toBeGreaterThan(1);
    expect(all).not.toContain(secret);
    expect(all).not.toContain(phrase);
    expect(all).not.toContain(right);
    expect(all).not.toContain(visit.token);
  });
});
