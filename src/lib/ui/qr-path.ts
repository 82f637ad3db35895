/**
 * A QR code as one SVG path. Loaded only when an invitation is shown: the encoder weighs more than the panel around it.
 */
import encodeQR from 'qr';

export interface QrPath {
  /** Modules along one side, the quiet zone of four on each side included. */
  readonly size: number;
  /** One unit a module; each run of dark modules is one rectangle. */
  readonly path: string;
}

const quietZone = 4;

/** Throws where `text` is longer than any QR code (about 2,300 letters); a link is a tenth of that. */
export const qrPath = (text: string): QrPath => {
  const rows = encodeQR(text, 'raw', { border: quietZone, ecc: 'medium' });
  let path = '';
  rows.forEach((row, y) => {
    let x = 0;
    while (x < row.length) {
      const from = x;
      while (row[x]) x++;
      if (x > from) path += `M${from} ${y}h${x - from}v1h${from - x}z`;
      else x++;
    }
  });
  return { size: rows.length, path };
};
