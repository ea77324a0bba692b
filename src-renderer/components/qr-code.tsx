/** The code that a telephone's wallet reads instead of typing an address (product.md, Wallet; Set-up 4). */
import { qrPath } from './qr-path.ts';

/** `text` as a QR code; `label` says what it is to those who do not see it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = qrPath(text);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} />
      <path d={path} />
    </svg>
  );
}
