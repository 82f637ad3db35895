/**
 * Draws the app's icons from the weather picture itself: the calm corner, light half risen.
 *
 * `node tests/tools/draw-icons.ts` writes static/favicon.svg and static/icons/: the SVG, and the PNGs that phones want,
 * rasterised by the Chromium that the tests use. Run it again after the picture has changed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright';
import { lightPlace, weatherScene, type WeatherScene } from '../../src/lib/ui/weather.ts';
import { browserLaunch } from './browser.ts';

const size = 512;
const folder = new URL('../../static/', import.meta.url);

const main = async (): Promise<void> => {
  const icon = iconSvg(116);
  const square = iconSvg(0);
  mkdirSync(new URL('icons/', folder), { recursive: true });
  writeFileSync(new URL('favicon.svg', folder), icon);
  writeFileSync(new URL('icons/icon.svg', folder), icon);
  const browser = await chromium.launch(browserLaunch());
  try {
    const draw = async (svg: string, pixels: number, file: string): Promise<void> => {
      const page = await browser.newPage({ viewport: { width: pixels, height: pixels } });
      await page.setContent(
        `<body style="margin:0">${svg.replace('<svg ', `<svg width="${pixels}" height="${pixels}" `)}`
      );
      writeFileSync(new URL(file, folder), await page.screenshot({ omitBackground: true }));
      await page.close();
    };
    await draw(icon, 192, 'icons/icon-192.png');
    await draw(icon, 512, 'icons/icon-512.png');
    // A mask may cut a circle of 80 %, and Apple cuts its own corners: both get the picture to the edge.
    await draw(square, 512, 'icons/maskable-512.png');
    await draw(square, 180, 'icons/apple-touch-icon.png');
  } finally {
    await browser.close();
  }
};

/** The calm corner with its light brought to the middle and made large: at 32 pixels it is still a light over water. */
const iconSvg = (cornerRadius: number): string => {
  const scene = weatherScene({ pleasantness: 100, energy: -92 }, { width: size, height: size });
  const horizonY = Math.round(lightPlace({ pleasantness: 0, energy: -100 }, scene).y);
  const light = scene.light?.colour ?? '#fff';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}">`,
    '<defs>',
    gradient('sky', scene.sky, 0.66),
    `<radialGradient id="glow"><stop offset="0" stop-color="${light}" stop-opacity=".85"/><stop offset="1" stop-color="${light}" stop-opacity="0"/></radialGradient>`,
    ...scene.waves.map((wave, layer) => gradient(`wave${layer}`, [wave.top, wave.bottom], 1)),
    `<clipPath id="shape"><rect width="${size}" height="${size}" rx="${cornerRadius}"/></clipPath>`,
    '</defs>',
    '<g clip-path="url(#shape)">',
    `<rect width="${size}" height="${size}" fill="url(#sky)"/>`,
    `<circle cx="256" cy="${horizonY}" r="240" fill="url(#glow)"/>`,
    `<circle cx="256" cy="${horizonY}" r="104" fill="${light}"/>`,
    ...sea(scene, light),
    '</g></svg>'
  ].join('');
};

const sea = (scene: WeatherScene, light: string): string[] =>
  scene.waves.flatMap((wave, layer) => [
    `<path d="${wave.path}" fill="url(#wave${layer})"/>`,
    layer < 3
      ? `<rect x="${256 - 100 + layer * 26}" y="${350 + layer * 50}" width="${200 - layer * 52}" height="9" rx="4.5" fill="${light}" opacity="${0.75 - 0.2 * layer}"/>`
      : ''
  ]);

const gradient = (id: string, colours: readonly string[], end: number): string =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="${end}">${colours
    .map((colour, i) => `<stop offset="${i / (colours.length - 1)}" stop-color="${colour}"/>`)
    .join('')}</linearGradient>`;

await main();
