/**
 * The weather picture: a sea and a sky drawn from a mood point and nothing else.
 *
 * Colour comes from four corners mixed in OKLab (storm, joy, low, calm), wave height from energy, sharp crests from
 * unpleasantness, cloud from the storm, fog from the low, and a light whose place is the point. Everything is a smooth
 * function of both axes, so a small move of the light changes every number a little and none of them much; the same
 * point gives the same picture on every device, for ever.
 *
 * "I don't know" is a picture of its own: still water, mist, no light.
 */
import type { MoodPoint } from '../care/check-in.ts';
import { labToHex, lchToLab, mixLab, shadeLab, type Lab } from './colour.ts';
import { wavePath } from './wave.ts';

/** The frame a scene is drawn in, in the units of its numbers. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** A soft or hard patch of one colour. Opacity 0…1. */
export interface Patch {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly colour: string;
  readonly opacity: number;
}

/** One layer of the sea, far to near. */
export interface Wave {
  /** An SVG path, closed below the frame and beyond both its sides. */
  readonly path: string;
  readonly top: string;
  readonly bottom: string;
  readonly crest: string;
  readonly crestOpacity: number;
  /** The light's trace on this layer; none in the mist. */
  readonly glint: Patch | null;
}

/** All there is to draw, back to front: sky, glow, light, clouds, waves, fog. */
export interface WeatherScene extends Frame {
  /** Top, middle and horizon. */
  readonly sky: readonly [string, string, string];
  /** `null` for "I don't know". */
  readonly light: Patch | null;
  /** The soft light around it, fading to nothing at its radius. */
  readonly glow: Patch | null;
  readonly clouds: readonly Patch[];
  readonly waves: readonly Wave[];
  readonly fog: readonly Patch[];
}

/** Where the horizon lies, as a share of the height. */
export const horizon = 0.62;
const lightReachX = 0.38;
const lightReachY = 0.45;
const layerCount = 4;

/**
 * The picture of `point` in `frame`; deterministic, about 60 short numbers a layer.
 *
 * `null` is "I don't know". Values outside -100…100 are drawn as the nearest end.
 */
export const weatherScene = (point: MoodPoint | null, frame: Frame): WeatherScene =>
  point === null ? mistScene(frame) : pointScene(point, frame);

/** Where the light of `point` stands in `frame`. */
export const lightPlace = (point: MoodPoint, frame: Frame): { x: number; y: number } => ({
  x: round(frame.width * (0.5 + (lightReachX * clampAxis(point.pleasantness)) / 100)),
  y: round(frame.height * (horizon - lightReachY * ((clampAxis(point.energy) + 100) / 200)))
});

/** The point whose light stands nearest to a place in `frame`: whole numbers, -100…100. */
export const placeToPoint = (place: { x: number; y: number }, frame: Frame): MoodPoint => ({
  pleasantness: wholeAxis(((place.x / frame.width - 0.5) / lightReachX) * 100),
  energy: wholeAxis(((horizon - place.y / frame.height) / lightReachY) * 200 - 100)
});

/** Of the light, so that a handle can be drawn around it. */
export const lightRadius = (point: MoodPoint, frame: Frame): number =>
  round(unit(frame) * (0.062 + 0.026 * share(point.pleasantness)));

interface Palette {
  readonly sea: Lab;
  readonly low: Lab;
  readonly mid: Lab;
  readonly high: Lab;
  readonly light: Lab;
}

const storm: Palette = {
  sea: lchToLab(0.36, 0.09, 8),
  low: lchToLab(0.68, 0.145, 36),
  mid: lchToLab(0.52, 0.14, 20),
  high: lchToLab(0.36, 0.085, 350),
  light: lchToLab(0.83, 0.125, 52)
};
const joy: Palette = {
  sea: lchToLab(0.6, 0.105, 226),
  low: lchToLab(0.945, 0.08, 92),
  mid: lchToLab(0.89, 0.105, 80),
  high: lchToLab(0.82, 0.11, 66),
  light: lchToLab(0.985, 0.045, 98)
};
const low: Palette = {
  sea: lchToLab(0.33, 0.045, 264),
  low: lchToLab(0.6, 0.04, 262),
  mid: lchToLab(0.49, 0.05, 268),
  high: lchToLab(0.37, 0.055, 274),
  light: lchToLab(0.79, 0.03, 250)
};
const calm: Palette = {
  sea: lchToLab(0.5, 0.072, 198),
  low: lchToLab(0.92, 0.055, 118),
  mid: lchToLab(0.86, 0.06, 158),
  high: lchToLab(0.76, 0.07, 190),
  light: lchToLab(0.98, 0.045, 108)
};
const mist: Palette = {
  sea: lchToLab(0.52, 0.028, 235),
  low: lchToLab(0.86, 0.022, 60),
  mid: lchToLab(0.8, 0.022, 20),
  high: lchToLab(0.7, 0.03, 275),
  light: lchToLab(0.9, 0.015, 80)
};

const pointScene = (point: MoodPoint, frame: Frame): WeatherScene => {
  const pleasant = share(point.pleasantness);
  const energy = share(point.energy);
  const unpleasant = 1 - pleasant;
  const palette = mixCorners(pleasant, energy);
  const { x, y } = lightPlace(point, frame);
  const radius = lightRadius(point, frame);
  const glowRadius = round(radius * (4.2 + 1.6 * pleasant));
  return {
    ...frame,
    sky: skyOf(palette),
    light: patch(x, y, radius, radius, palette.light, 0.66 + 0.34 * pleasant),
    glow: patch(x, y, glowRadius, glowRadius, palette.light, 0.3 + 0.45 * pleasant),
    clouds: clouds(frame, palette, unpleasant * (0.12 + 0.78 * energy)),
    waves: layers((layer) => seaLayer(layer, point, frame, palette)),
    fog: fogBanks(frame, palette, (unpleasant * (1 - energy)) ** 1.2)
  };
};

const mistScene = (frame: Frame): WeatherScene => ({
  ...frame,
  sky: skyOf(mist),
  light: null,
  glow: null,
  clouds: [],
  waves: layers((layer) => {
    const still = { ...waveShape(layer, 0.5, 0.06, frame), steepness: 0.1 };
    return { ...waveColours(layer, mist, 0.35), path: wavePath(still, frame), crestOpacity: 0.12, glint: null };
  }),
  fog: fogBanks(frame, mist, 1.25)
});

const seaLayer = (layer: number, point: MoodPoint, frame: Frame, palette: Palette): Wave => {
  const pleasant = share(point.pleasantness);
  const energy = share(point.energy);
  const { x } = lightPlace(point, frame);
  const radius = lightRadius(point, frame);
  const depth = layer / (layerCount - 1);
  const drift = radius * 0.5 * energy * (layer % 2 === 0 ? 1 : -1);
  const glintY = frame.height * (baseOf(layer) + 0.045 + 0.02 * depth);
  return {
    ...waveColours(layer, palette, 0.2 * pleasant),
    path: wavePath(waveShape(layer, pleasant, energy, frame), frame),
    crestOpacity: round(0.1 + 0.2 * energy * (0.6 + 0.4 * depth), 3),
    glint: patch(
      x + drift,
      glintY,
      radius * (1.15 + 1.3 * (1 - energy)) * (1 - 0.22 * layer),
      unit(frame) * (0.009 + 0.004 * depth),
      palette.light,
      (0.18 + 0.5 * pleasant) * (1 - 0.55 * energy) * (1 - 0.24 * layer)
    )
  };
};

/** Height, sharpness and lean of one layer; nearer layers are larger and slower. */
const waveShape = (layer: number, pleasant: number, energy: number, frame: Frame) => {
  const depth = layer / (layerCount - 1);
  const unpleasant = 1 - pleasant;
  return {
    base: frame.height * baseOf(layer),
    height: unit(frame) * (0.009 + 0.1 * energy ** 1.5) * (0.62 + 0.5 * depth),
    length: frame.width * (0.2 + 0.17 * depth) * (1.2 - 0.28 * energy),
    steepness: 0.12 + 0.8 * unpleasant * (0.3 + 0.7 * energy),
    lean: 0.5 * unpleasant * energy,
    phase: layer * 2.3 + 0.6 * pleasant
  };
};

const waveColours = (layer: number, palette: Palette, haze: number) => {
  const depth = layer / (layerCount - 1);
  const near = shadeLab(palette.sea, -0.13 * depth);
  const top = mixLab(near, palette.low, (0.3 + haze) * (1 - depth) ** 1.5);
  return {
    top: labToHex(top),
    bottom: labToHex(shadeLab(near, -0.05)),
    crest: labToHex(mixLab(top, palette.light, 0.65))
  };
};

const clouds = (frame: Frame, palette: Palette, amount: number): Patch[] => {
  const colour = shadeLab(palette.high, -0.07);
  const cloud = (x: number, y: number, width: number, height: number, weight: number) =>
    patch(frame.width * x, frame.height * y, frame.width * width, frame.height * height, colour, amount * weight);
  return [cloud(0.16, 0.03, 0.46, 0.2, 0.8), cloud(0.82, 0.07, 0.42, 0.17, 0.75), cloud(0.52, -0.02, 0.6, 0.15, 0.9)];
};

const fogBanks = (frame: Frame, palette: Palette, amount: number): Patch[] => {
  const colour = shadeLab(palette.low, 0.05);
  const bank = (x: number, y: number, width: number, height: number, weight: number) =>
    patch(frame.width * x, frame.height * y, frame.width * width, frame.height * height, colour, amount * weight);
  return [bank(0.3, 0.6, 0.7, 0.1, 0.5), bank(0.74, 0.7, 0.66, 0.085, 0.42), bank(0.34, 0.83, 0.72, 0.1, 0.34)];
};

const mixCorners = (pleasant: number, energy: number): Palette => {
  const mix = (part: keyof Palette): Lab =>
    mixLab(mixLab(low[part], calm[part], pleasant), mixLab(storm[part], joy[part], pleasant), energy);
  return { sea: mix('sea'), low: mix('low'), mid: mix('mid'), high: mix('high'), light: mix('light') };
};

const skyOf = (palette: Palette): [string, string, string] => [
  labToHex(palette.high),
  labToHex(palette.mid),
  labToHex(palette.low)
];

const patch = (x: number, y: number, radiusX: number, radiusY: number, colour: Lab, opacity: number): Patch => ({
  x: round(x),
  y: round(y),
  radiusX: round(radiusX),
  radiusY: round(radiusY),
  colour: labToHex(colour),
  opacity: round(Math.min(1, Math.max(0, opacity)), 3)
});

const layers = (draw: (layer: number) => Wave): Wave[] => Array.from({ length: layerCount }, (_, layer) => draw(layer));
const baseOf = (layer: number): number => horizon + 0.105 * layer;
/** What heights and radii are measured in: the height, but never more than the width can carry. */
const unit = (frame: Frame): number => Math.min(frame.height, frame.width * 0.75);
const share = (value: number): number => (clampAxis(value) + 100) / 200;
const clampAxis = (value: number): number => Math.min(100, Math.max(-100, value));
/** Adding zero turns -0 into 0, which is the same place but not the same number. */
const wholeAxis = (value: number): number => Math.round(clampAxis(value)) + 0;
const round = (value: number, decimals = 2): number => Math.round(value * 10 ** decimals) / 10 ** decimals;
