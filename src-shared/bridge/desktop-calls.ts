/** The desktop's own settings: tray, start at login, staying awake, notices per kind (product.md, Tray, Notifications, Settings). */
import { z } from 'zod';

/** What a notice is about; each kind has its switch and its own rate. */
export const noticeKindSchema = z.enum(['state', 'keys', 'link', 'chain', 'money', 'attestations', 'machine']);
export type NoticeKind = z.infer<typeof noticeKindSchema>;

/** What the operator chose for the desktop; kept by the node, obeyed by the desktop host. */
export const desktopSettingsSchema = z.object({
  /** Closing the window leaves the console running in the tray; else it quits. */
  keepInTray: z.boolean(),
  startAtLogin: z.boolean(),
  /** A start at login shows no window. */
  startHidden: z.boolean(),
  /** The system does not go to sleep while the node can earn. */
  stayAwake: z.boolean(),
  notices: z.object({
    /** Least minutes between two notices of one kind. */
    everyMinutes: z.int().min(1).max(120),
    kinds: z.record(noticeKindSchema, z.boolean()),
  }),
});
export type DesktopSettings = z.infer<typeof desktopSettingsSchema>;

export const desktopViewSchema = z.object({
  /** False on the headless host, where nothing of this is obeyed. */
  isDesktop: z.boolean(),
  settings: desktopSettingsSchema,
});
export type DesktopView = z.infer<typeof desktopViewSchema>;

export const desktopCalls = {
  'desktop.get': { input: z.strictObject({}), output: desktopViewSchema },
  'desktop.set': { input: z.strictObject({ settings: desktopSettingsSchema }), output: desktopViewSchema },
} as const;
