/** A profile is looked at before it is kept, on a real sandbox chain: what does not fit is refused with the field to correct (issue 3, "Bad input"). */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { silentLogger } from '../log/logger.ts';
import { checkProfile } from './check-profile.ts';
import { startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';
import { proxiedFetch } from './testing/proxied-fetch.ts';

let fixture: ChainFixture;
beforeEach(async () => {
  fixture = await startChainFixture();
});
afterEach(() => fixture.stop());

const check = (change: Partial<NetworkProfile>): Promise<string> => checkProfile({ ...fixture.profile, ...change }, { now: Date.now, log: silentLogger });
const id = (digit: string): string => `0x${digit.repeat(64)}`;
const dead = 'http://127.0.0.1:9';

it('tells the chain of a profile that fits, also where one endpoint is down or no chain is named', async () => {
  const { chainId, url } = fixture.test.chain;
  expect(await check({})).toBe(chainId);
  expect(await check({ chainId: null, endpoints: [dead, url] })).toBe(chainId);
});

it.each<[string, Partial<NetworkProfile>, string, RegExp]>([
  ['an unknown package', { atomaPackageId: id('5') }, 'network.unknown_package', /Correct the package id/],
  ['a wrong database', { atomaDbId: id('7') }, 'network.wrong_db', /Correct the database id/],
  ['a wrong coin', { coin: { type: `${id('4')}::usdc::USDC`, symbol: 'USDC', decimals: 6 } }, 'network.wrong_coin', /Correct the coin/],
  ['the other generation', { generation: 'G2' }, 'network.wrong_generation', /Set the generation to G1/],
  ['another chain', { chainId: '69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD' }, 'network.wrong_chain', /Correct the endpoint/],
  ['a faucet that is none', { faucet: { packageId: id('4'), objectId: id('4') } }, 'network.wrong_faucet', /Correct the faucet/],
  ['a badge that is not there', { badgeId: id('3') }, 'network.wrong_badge', /Choose a badge of/],
  ['a badge of another package', { badgeId: `0x${'0'.repeat(63)}8` }, 'network.wrong_badge', /random::Random.*Choose a badge of/],
  ['endpoints that do not answer', { endpoints: [dead] }, 'network.bad_profile', /Correct the endpoints/],
])('refuses %s', async (_, change, code, sentence) => {
  const error = await check(change).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AppError);
  expect(error).toMatchObject({ code, kind: 'refused' });
  expect((error as AppError).message).toMatch(sentence);
});

it('refuses two endpoints that serve different chains, though the profile names none', async () => {
  const [a, b] = ['http://127.0.0.1:1', 'http://127.0.0.1:2'] as const;
  const proxied = proxiedFetch(fixture.test.chain.url);
  proxied.set(b, { serviceInfo: { chainId: '11111111111111111111111111111111', epoch: 0n, checkpointHeight: 9n } });
  const refused = checkProfile({ ...fixture.profile, chainId: null, endpoints: [a, b] }, { now: Date.now, log: silentLogger, fetch: proxied.fetch });
  await expect(refused).rejects.toMatchObject({ code: 'network.wrong_chain', fields: { endpoint: b, expected: fixture.test.chain.chainId } });
});
