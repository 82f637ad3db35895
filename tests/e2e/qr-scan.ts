/** Reads a QR code off the screen, as a camera would: from the pixels that are shown. */
import type { Locator } from '@playwright/test';
import decodeQR from 'qr/decode.js';

/** How long a decoder that has to guess may look. */
const timeLimitMs = 2000;

/** The text of the code that this element shows. Throws where there is none to be read. */
export const scanQr = async (element: Locator): Promise<string> => {
  await element.scrollIntoViewIfNeeded();
  const png = (await element.screenshot()).toString('base64');
  const { width, height, data } = await element.page().evaluate(async (base64) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${base64}`;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('this browser draws nothing');
    pen.drawImage(picture, 0, 0);
    const pixels = pen.getImageData(0, 0, picture.width, picture.height);
    return { width: picture.width, height: picture.height, data: [...pixels.data] };
  }, png);
  return decodeQR({ width, height, data: new Uint8Array(data) }, { format: 'RGBA', timeLimit: timeLimitMs });
};
