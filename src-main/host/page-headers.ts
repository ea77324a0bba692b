/** Headers of every page the hosts serve: content security policy without inline script, no framing, no sniffing (issue: "Bridge and hosts"). */

const policy = (rules: Readonly<Record<string, string>>): string =>
  Object.entries(rules)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

const common = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // Not `no-referrer`: under it a browser sends `Origin: null` with forms, and the Origin check would refuse them.
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
} as const;

/** Headers of the console's own files, on both hosts. `data:` is for images that the build inlines. */
export const consoleHeaders: Readonly<Record<string, string>> = {
  ...common,
  'content-security-policy': policy({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'object-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  }),
};

/**
 * Headers of a page without any script, whose one style is known by its hash.
 * @param styleHash base64 of the style's SHA-256.
 */
export const plainPageHeaders = (styleHash: string): Readonly<Record<string, string>> => ({
  ...common,
  'cache-control': 'no-store',
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy({
    'default-src': "'none'",
    'style-src': `'sha256-${styleHash}'`,
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  }),
});
