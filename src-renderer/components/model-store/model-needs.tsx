/** What the model of a task needs of the card and of the disk, beside what this machine has (product.md, Tasks: "can I run it (VRAM, disk, TEE)"). */
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { HardwareView } from '../../../src-shared/bridge/hardware-calls.ts';
import type { ModelStoreView } from '../../../src-shared/bridge/model-calls.ts';
import { useCall } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';
import { Unknown } from '../amount.tsx';
import { Facts } from '../card.tsx';

const mib = 2 ** 20;

/** The card with the most memory of those that are switched on and tell theirs; without any, what the computer has. */
function hasMemory({ gpus, ramBytes }: HardwareView, t: TFunction): string {
  const cards = gpus.filter(({ enabled, vendor }) => enabled && vendor !== 'simulated');
  const [best] = [...cards].sort((a, b) => (b.vramTotalMib ?? 0) - (a.vramTotalMib ?? 0));
  if (best === undefined) {
    return ramBytes === null ? t('needs.noCardUntold') : t('needs.noCard', { size: sizeText(ramBytes) });
  }
  return best.vramTotalMib === null
    ? t('needs.cardUntold', { name: best.model })
    : t('needs.card', { name: best.model, size: sizeText(best.vramTotalMib * mib) });
}

function hasDisk({ freeBytes }: ModelStoreView, t: TFunction): string {
  return freeBytes === null ? t('needs.diskUntold') : t('needs.disk', { size: sizeText(freeBytes) });
}

/** Two facts. What a model needs is known once it is on this disk, or on its way there; one that another program serves (`canServe` without it) needs nothing here. */
export function ModelNeeds({ model, canServe }: { model: string; canServe: boolean }) {
  const { t } = useTranslation();
  const store = useCall('models.get', {}).data;
  const hardware = useCall('hardware.get', {}).data;
  const installed = store?.installed.find(({ name }) => name === model);
  const sizeBytes = installed?.sizeBytes ?? store?.downloads.find(({ name }) => name === model)?.totalBytes;
  if (canServe && store !== undefined && installed === undefined) return null;
  const unread = <Unknown reason={t('amount.notRead')} />;
  const needed = (bytes: number | undefined): string =>
    bytes === undefined ? t('needs.unknown') : t('needs.about', { size: sizeText(bytes) });
  return (
    <Facts
      rows={[
        [
          t('needs.memory'),
          <span key="memory">
            {store === undefined ? unread : needed(installed?.vramBytes)}
            <br />
            <span className="hint">{hardware === undefined ? unread : hasMemory(hardware, t)}</span>
          </span>,
        ],
        [
          t('needs.space'),
          <span key="space">
            {store === undefined
              ? unread
              : installed === undefined
                ? needed(sizeBytes)
                : t('needs.onDisk', { size: sizeText(installed.sizeBytes) })}
            <br />
            <span className="hint">{store === undefined ? unread : hasDisk(store, t)}</span>
          </span>,
        ],
      ]}
    />
  );
}
