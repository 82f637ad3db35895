/**
 * Colours for drawing: mixed in OKLab, written as sRGB hex, compared by WCAG contrast.
 *
 * Hex and not `oklab()` in the pictures: a presentation attribute then looks the same in every browser that opens the app.
 */

/** Lightness 0…1 and the two OKLab axes, about -0.3…0.3. Source: bottosson.github.io/posts/oklab. */
export type Lab = readonly [lightness: number, a: number, b: number];

/** Red, green and blue in gamma-encoded sRGB, 0…1. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** From lightness 0…1, chroma, and hue in degrees. */
export const lchToLab = (lightness: number, chroma: number, hueDegrees: number): Lab => {
  const hue = (hueDegrees * Math.PI) / 180;
  return [lightness, chroma * Math.cos(hue), chroma * Math.sin(hue)];
};

/** `share` 0 is `from`, 1 is `to`. */
export const mixLab = (from: Lab, to: Lab, share: number): Lab => [
  from[0] + (to[0] - from[0]) * share,
  from[1] + (to[1] - from[1]) * share,
  from[2] + (to[2] - from[2]) * share
];

/** The same hue and chroma, lighter (positive) or darker (negative); chroma shrinks with the light, as in water. */
export const shadeLab = (colour: Lab, lightnessChange: number): Lab => {
  const lightness = Math.min(1, Math.max(0, colour[0] + lightnessChange));
  const scale = lightnessChange < 0 && colour[0] > 0 ? Math.sqrt(lightness / colour[0]) : 1;
  return [lightness, colour[1] * scale, colour[2] * scale];
};

/** In sRGB; what the screen cannot show is clipped per channel. */
export const labToRgb = (colour: Lab): Rgb => {
  const linear = labToLinear(colour);
  return [encode(linear[0]), encode(linear[1]), encode(linear[2])];
};

/** `#rrggbb`. */
export const labToHex = (colour: Lab): string =>
  '#' +
  labToRgb(colour)
    .map((channel) =>
      Math.round(channel * 255)
        .toString(16)
        .padStart(2, '0')
    )
    .join('');

/** `over` painted on `under` with an opacity of 0…1, the way browsers composite: in gamma-encoded sRGB. */
export const paintOver = (under: Rgb, over: Rgb, opacity: number): Rgb => [
  under[0] + (over[0] - under[0]) * opacity,
  under[1] + (over[1] - under[1]) * opacity,
  under[2] + (over[2] - under[2]) * opacity
];

/** WCAG 2.2 contrast ratio, 1…21, order does not matter. */
export const contrastRatio = (a: Rgb, b: Rgb): number => {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
};

/** WCAG 2.2 relative luminance, 0…1. */
export const luminance = (colour: Rgb): number =>
  0.2126 * decode(colour[0]) + 0.7152 * decode(colour[1]) + 0.0722 * decode(colour[2]);

const labToLinear = ([lightness, a, b]: Lab): Rgb => {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  ];
};

const encode = (linear: number): number => {
  const clipped = Math.min(1, Math.max(0, linear));
  return clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
};

const decode = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
