/**
 * How much shade a label on the picture needs behind it, so that its white letters stay readable wherever the light goes.
 *
 * The lightest colour that may lie behind the label decides: the sky at its height, lit by the glow, or the light itself.
 * Clouds and waves are darker than the sky above them, so they need not be looked at; fog is laid over the lightest of it. A
 * label that lies wholly in the sea is measured against water, crests and glints. The shade is continuous: a small move of the light changes it a little.
 */
import { contrastRatio, paintOver, type Rgb } from './colour.ts';
import type { WeatherScene } from './weather.ts';

/** A label's box in the units of the scene. */
export interface LabelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Small text at AA is 4.5; a little more carries the rounding of colours. */
const contrastMin = 4.6;
export const labelInk: Rgb = [1, 1, 1];
/** The shade, #14182a: night sky. Keep in step with `MoodField.svelte`. */
export const scrimColour: Rgb = [20 / 255, 24 / 255, 42 / 255];

/** Opacity of the shade, 0…1, to the hundredth, rounded up. */
export const scrimOpacity = (scene: WeatherScene, box: LabelBox): number => {
  const behind = lightestBehind(scene, box);
  let from = 0;
  let to = 1;
  for (let step = 0; step < 8; step++) {
    const middle = (from + to) / 2;
    if (contrastRatio(labelInk, paintOver(behind, scrimColour, middle)) >= contrastMin) to = middle;
    else from = middle;
  }
  return Math.ceil(to * 100) / 100;
};

/** The colour of sky, glow and light at one place, nearest thing last. */
export const skyAt = (scene: WeatherScene, x: number, y: number, spread = 0): Rgb => {
  const [high, middle, low] = scene.sky.map(hexToRgb) as [Rgb, Rgb, Rgb];
  const down = Math.min(1, Math.max(0, y / (0.7 * scene.height)));
  let colour = down < 0.55 ? paintOver(high, middle, down / 0.55) : paintOver(middle, low, (down - 0.55) / 0.45);
  if (scene.light === null || scene.glow === null) return colour;
  const distance = Math.hypot(x - scene.light.x, y - scene.light.y) / scene.glow.radiusX;
  const { opacity } = scene.glow;
  const glow =
    distance < 0.4 ? opacity * (1 - (distance / 0.4) * 0.58) : opacity * 0.42 * Math.max(0, 1 - (distance - 0.4) / 0.6);
  colour = paintOver(colour, hexToRgb(scene.glow.colour), glow);
  const edge = scene.light.radiusX + spread - Math.hypot(x - scene.light.x, y - scene.light.y);
  const cover = spread === 0 ? (edge >= 0 ? 1 : 0) : Math.min(1, Math.max(0, edge / spread));
  return paintOver(colour, hexToRgb(scene.light.colour), cover * scene.light.opacity);
};

const lightestBehind = (scene: WeatherScene, box: LabelBox): Rgb => {
  let lightest: Rgb = [0, 0, 0];
  if (box.top >= scene.height * seaOnlyFrom) return lightestSea(scene);
  const consider = (colour: Rgb): void => {
    lightest = lightestOf(lightest, colour);
  };
  // The nearest place of the box to the light is where it is lightest; the corners hold the ends of the sky.
  const nearX = Math.min(box.right, Math.max(box.left, scene.light?.x ?? box.left));
  const nearY = Math.min(box.bottom, Math.max(box.top, scene.light?.y ?? box.top));
  const spread = (scene.light?.radiusX ?? 0) * 0.8;
  consider(skyAt(scene, nearX, nearY, spread));
  for (const x of [box.left, box.right]) for (const y of [box.top, box.bottom]) consider(skyAt(scene, x, y, spread));
  const bank = scene.fog[0];
  if (bank) consider(paintOver(lightest, hexToRgb(bank.colour), bank.opacity));
  return lightest;
};

/** Below this share of the height even the deepest trough shows water, never sky, and never the farthest layer. */
const seaOnlyFrom = 0.86;

const lightestSea = (scene: WeatherScene): Rgb => {
  let lightest: Rgb = [0, 0, 0];
  for (const wave of scene.waves.slice(1)) {
    const top = hexToRgb(wave.top);
    const crest = paintOver(top, hexToRgb(wave.crest), wave.crestOpacity);
    const glint = wave.glint ? paintOver(top, hexToRgb(wave.glint.colour), wave.glint.opacity) : top;
    lightest = lightestOf(lightest, lightestOf(crest, glint));
  }
  const bank = scene.fog.at(-1);
  return bank ? paintOver(lightest, hexToRgb(bank.colour), bank.opacity) : lightest;
};

const lightestOf = (a: Rgb, b: Rgb): Rgb => [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2])];

const hexToRgb = (hex: string): Rgb => [
  Number.parseInt(hex.slice(1, 3), 16) / 255,
  Number.parseInt(hex.slice(3, 5), 16) / 255,
  Number.parseInt(hex.slice(5, 7), 16) / 255
];
