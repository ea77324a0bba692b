/** The bridge's hardware area: GPUs as they are now, their history, care settings, what holds work back, the manifest as it was signed (product.md, Hardware). */
import type { GpuView, HardwareView } from '../../src-shared/bridge/hardware-calls.ts';
import { hardwareAlerts } from '../core/views/hardware-alerts.ts';
import type { Alert } from '../core/views/alerts.ts';
import type { HardwareArea } from '../handlers/hardware-handlers.ts';
import type { NodeHardware } from '../node/node-hardware.ts';
import { canonicalJson } from '../platform/canonical-json.ts';
import { describeMachine } from '../system/detect-hardware.ts';
import type { AreaParts } from './area-parts.ts';

/** A card without load, memory or power: what a temperature alone can say. */
const simulatedGpu = (tempC: number): GpuView => ({
  id: 'simulated', vendor: 'simulated', model: 'Simulated GPU', driver: null, vramTotalMib: null, vramUsedMib: null, utilPct: null, tempC, powerW: null, powerLimitW: null, tool: 'simulated', enabled: true,
});

function gpusOf(care: NodeHardware): GpuView[] {
  const gpus = care.watch.latest()?.look.gpus ?? [];
  const simulatedC = care.simulatedC();
  const real = gpus.map(({ uuid, vendor, model, driver, vramTotalMib, vramUsedMib, utilPct, tempC, powerW, powerLimitW, tool }): GpuView => ({
    id: uuid, vendor, model, driver, vramTotalMib, vramUsedMib, utilPct, tempC, powerW, powerLimitW, tool, enabled: care.isOn(uuid),
  }));
  return simulatedC === null ? real : [...real, simulatedGpu(simulatedC)];
}

/** Alerts of heat, other users and broken tools. */
export function alertsOfHardware(care: NodeHardware, nowMs: number): Alert[] {
  const { pauseAtC, resumeAtC } = care.care().temperature;
  return hardwareAlerts({ nowMs, holds: care.watch.holds(), hottestC: care.watch.hottestC(), pauseAtC, resumeAtC, recovered: care.watch.recovered(), problems: care.watch.latest()?.look.problems ?? [] });
}

/** Assembles the area over the live parts. */
export function hardwareArea(parts: AreaParts): HardwareArea {
  const { care } = parts;
  /** Processor and memory do not change while the console runs. */
  const { model, cores, ramBytes } = describeMachine();
  return {
    view: async () => {
      if (care.watch.latest() === null) await care.watch.refresh();
      const signed = care.manifest();
      return {
        cpu: { model, cores },
        ramBytes,
        gpus: gpusOf(care),
        problems: care.watch.latest()?.look.problems ?? [],
        readAtMs: care.watch.latest()?.atMs ?? null,
        hottestC: care.watch.hottestC(),
        care: care.care(),
        holds: care.holds(),
        others: care.watch.others(),
        scheduleChangesAtMs: care.watch.scheduleChangesAtMs(),
        simulatedC: care.simulatedC(),
        manifest: signed === null ? null : { signedAtMs: signed.signedAtMs, json: new TextDecoder().decode(canonicalJson(signed.manifest)) },
      } satisfies HardwareView;
    },
    history: async ({ span }) => [...care.history(span)].map(([gpu, points]) => ({ gpu, points })),
    setCare: async ({ care: next }) => {
      await care.setCare(next);
      return {};
    },
    switchGpu: async ({ id, on }) => {
      care.switchGpu(id, on);
      // What serves is chosen anew at the next placing; the model that waits is placed now.
      void parts.warmUp();
      return {};
    },
    simulateHeat: async ({ tempC }) => {
      await care.simulateHeat(tempC);
      return {};
    },
  };
}
