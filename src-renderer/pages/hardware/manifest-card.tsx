/** The capability manifest as it was signed for the last hello (product.md, "Hardware"; coordinator.md 2). */
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import type { HardwareView } from '../../../src-shared/bridge/hardware-calls.ts';
import { Card, Facts } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { useNow } from '../../components/use-now.ts';
import { agoText } from '../../format/time.ts';

const shownSchema = z.object({
  hardware_tier: z.number(),
  gpu: z.array(z.object({ model: z.string(), count: z.number(), vram_gb: z.number() })),
  models: z.array(z.string()),
  workload_classes: z.array(z.string()),
});

/** The card. */
export function ManifestCard({ manifest }: { manifest: HardwareView['manifest'] }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  if (manifest === null) {
    return (
      <Card title={t('hardware.manifest.title')}>
        <p className="muted">{t('hardware.manifest.none')}</p>
      </Card>
    );
  }
  const parsed: unknown = JSON.parse(manifest.json);
  const { data } = shownSchema.safeParse(parsed);
  return (
    <Card title={t('hardware.manifest.title')}>
      <p className="hint">{t('hardware.manifest.intro')}</p>
      {data !== undefined && (
        <Facts
          rows={[
            [t('hardware.manifest.signed'), agoText(manifest.signedAtMs, nowMs)],
            [t('hardware.manifest.tier'), String(data.hardware_tier)],
            [
              t('hardware.manifest.gpus'),
              data.gpu.length === 0
                ? t('hardware.manifest.noGpus')
                : data.gpu.map(({ count, model, vram_gb: vram }) => `${count} × ${model}, ${vram} GiB`).join('; '),
            ],
            [
              t('hardware.manifest.models'),
              <span key="m" className="break">
                {data.models.join(', ')}
              </span>,
            ],
            [t('hardware.manifest.classes'), data.workload_classes.join(', ')],
          ]}
        />
      )}
      <details>
        <summary>{t('hardware.manifest.raw')}</summary>
        <pre className="manifest" tabIndex={0} aria-label={t('hardware.manifest.raw')}>
          {JSON.stringify(parsed, null, 2)}
        </pre>
        <CopyButton text={manifest.json} label={t('hardware.manifest.copy')} />
      </details>
    </Card>
  );
}
