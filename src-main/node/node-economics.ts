/** What the economics page rests on: rates of coins, and energy as it was measured (product.md, Economics; decision 0005). */
import type { Topic } from '../../src-shared/bridge/index.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import { picoOf, worthInCoin } from '../core/fiat.ts';
import { createPowerMeter } from '../economics/power-meter.ts';
import { createRateKeeper, type RateKeeper } from '../economics/rate-keeper.ts';
import type { Logger } from '../log/logger.ts';
import { coinTypes, type OpenNetwork } from './node-network.ts';
import { schedule } from '../platform/schedule.ts';
import type { NodeTransitions } from '../store/node-transitions.ts';
import type { Store } from '../store/open.ts';
import { createPowerLog, isPowered, type PowerLog } from '../store/power.ts';
import type { Preferences } from '../store/preferences.ts';
import { createRates } from '../store/rates.ts';

/** The node's economics. */
export type NodeEconomics = {
  rates: RateKeeper;
  /** What gas is worth in base units of the network's coin; null without both rates. */
  gasWorth(mist: bigint): bigint | null;
  power: Pick<PowerLog, 'since'>;
  /** Takes a reading of the GPUs' power. */
  powerRead(watts: number | null, atMs: number): void;
  stop(): void;
};

type Deps = { store: Store; preferences: Preferences; transitions: NodeTransitions; network(): OpenNetwork | null; tell(topic: Topic): void; now(): number; log: Logger };

/** Creates it; no rate is read before `rates.refresh`. */
export function createNodeEconomics({ store, preferences, transitions, network, tell, now, log }: Deps): NodeEconomics {
  const power = createPowerLog(store);
  const rates = createRateKeeper({
    settings: preferences.economics,
    coins: () => coinTypes(network()),
    rates: createRates(store),
    fetch,
    now,
    schedule,
    changed: () => tell('economics'),
    log: log.child({ part: 'economics' }),
  });
  return {
    rates,
    gasWorth(mist) {
      const coin = network()?.profile.coin;
      const [perSui, perCoin] = coin === undefined ? [null, null] : [suiCoin.type, coin.type].map((type) => rates.rateAt(type, now()));
      return coin === undefined || !perSui || !perCoin ? null : worthInCoin(mist, picoOf(perSui.perCoin), picoOf(perCoin.perCoin), coin.decimals);
    },
    power,
    powerRead: createPowerMeter({ spans: transitions.spans, counts: isPowered, keep: power.add }).read,
    stop() {
      rates.stop();
      power.flush();
    },
  };
}
