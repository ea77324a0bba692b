/** Is the machine healthy, and when does it work: GPUs with their gauges, care settings, what holds work back, the manifest as it was signed (product.md, Hardware; Policies). */
import { z } from 'zod';

const nothing = z.strictObject({});
const figure = z.number().nullable();
const maybeMs = z.number().nullable();
const minuteOfDay = z.number().int().min(0).max(1_439);

/** Work is allowed on these days from one minute of the local day to another; an end at or before the beginning lies on the next day. Monday is 0. */
export const scheduleBandSchema = z.strictObject({
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7).refine((days) => new Set(days).size === days.length, { error: 'each day once' }),
  fromMinute: minuteOfDay,
  untilMinute: minuteOfDay,
});
export type ScheduleBand = z.infer<typeof scheduleBandSchema>;

/** How the operator wants the machine to be treated. */
export const careSchema = z.strictObject({
  temperature: z
    .strictObject({
      enabled: z.boolean(),
      /** °C from which on nothing new is taken. */
      pauseAtC: z.number().int().min(50).max(105),
      /** °C at or under which work goes on. */
      resumeAtC: z.number().int().min(30).max(104),
    })
    .refine(({ pauseAtC, resumeAtC }) => resumeAtC < pauseAtC, { error: 'resuming must lie below pausing', path: ['resumeAtC'] }),
  /** Take nothing new while a game, a full-screen application or another program uses a GPU. */
  yieldToOthers: z.boolean(),
  schedule: z.strictObject({ enabled: z.boolean(), bands: z.array(scheduleBandSchema).max(20) }),
});
export type Care = z.infer<typeof careSchema>;

/** Tools and files that tell of GPUs. */
export const gpuToolSchema = z.enum(['nvidia-smi', 'amdgpu', 'rocm-smi', 'intel', 'xpu-smi', 'ioreg', 'simulated']);

/** One GPU now; null where its driver does not tell. */
export const gpuViewSchema = z.object({
  id: z.string(),
  vendor: z.enum(['nvidia', 'amd', 'intel', 'apple', 'simulated']),
  model: z.string(),
  driver: z.string().nullable(),
  vramTotalMib: figure,
  vramUsedMib: figure,
  utilPct: figure,
  tempC: figure,
  powerW: figure,
  /** The driver's power cap in watts. */
  powerLimitW: figure,
  tool: gpuToolSchema,
  /** Off: no new work is placed on it. */
  enabled: z.boolean(),
});
export type GpuView = z.infer<typeof gpuViewSchema>;

/** Why nothing new is taken now; all that hold, in the order of the state's reasons. */
export const holdSchema = z.enum(['too_hot', 'in_use', 'by_schedule']);
export type Hold = z.infer<typeof holdSchema>;

/** Who else uses the machine, as far as it can be told. */
export const othersSchema = z.object({
  /** A foreign program on a GPU. */
  load: z.object({ status: z.enum(['free', 'in_use', 'unknown']), detail: z.string().nullable() }),
  /** A full-screen application that is not this console. */
  fullScreen: z.object({ status: z.enum(['free', 'in_use', 'unknown']), detail: z.string().nullable() }),
});
export type Others = z.infer<typeof othersSchema>;

/** Everything the page shows besides history. */
export const hardwareViewSchema = z.object({
  cpu: z.object({ model: z.string(), cores: z.number().int() }).nullable(),
  ramBytes: figure,
  gpus: z.array(gpuViewSchema),
  /** What was asked for GPUs and did not answer as it should. */
  problems: z.array(z.object({ tool: gpuToolSchema, detail: z.string() })),
  /** When the gauges were read; null before the first reading. */
  readAtMs: maybeMs,
  hottestC: figure,
  care: careSchema,
  holds: z.array(holdSchema),
  others: othersSchema,
  /** When the schedule opens or closes next; null where it never does. */
  scheduleChangesAtMs: maybeMs,
  /** Temperature that the sandbox's fault shows; null when it is off. Only a sandbox may have it. */
  simulatedC: figure,
  /** The last manifest that was signed for a hello, as canonical JSON with its signature; null before the first one. */
  manifest: z.object({ signedAtMs: z.number(), json: z.string() }).nullable(),
});
export type HardwareView = z.infer<typeof hardwareViewSchema>;

/** One bucket of a GPU's history; null where nothing was told in it. */
export const gaugePointSchema = z.object({ atMs: z.number(), utilPct: figure, vramUsedMib: figure, tempC: figure, powerW: figure });
export type GaugePoint = z.infer<typeof gaugePointSchema>;

/** Spans of the history: an hour by the half minute, a day by ten minutes. */
export const historySpanSchema = z.enum(['hour', 'day']);
export type HistorySpan = z.infer<typeof historySpanSchema>;

export const hardwareCalls = {
  'hardware.get': { input: nothing, output: hardwareViewSchema },
  'hardware.history': { input: z.strictObject({ span: historySpanSchema }), output: z.array(z.object({ gpu: z.string(), points: z.array(gaugePointSchema) })) },
  'hardware.setCare': { input: z.strictObject({ care: careSchema }), output: z.object({}) },
  /** Off: what runs there finishes, nothing new is placed on it. */
  'hardware.switchGpu': { input: z.strictObject({ id: z.string().min(1).max(200), on: z.boolean() }), output: z.object({}) },
  /** The sandbox's fault "hot GPU": a simulated gauge. Refused on every other network. */
  'hardware.simulateHeat': { input: z.strictObject({ tempC: z.number().int().min(20).max(110).nullable() }), output: z.object({}) },
} as const;
