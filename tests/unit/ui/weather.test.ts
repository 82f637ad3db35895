import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MoodPoint } from '../../../src/lib/care/check-in.ts';
import { contrastRatio, labToHex, labToRgb, lchToLab, paintOver } from '../../../src/lib/ui/colour.ts';
import { labelInk, scrimColour, scrimOpacity, skyAt, type LabelBox } from '../../../src/lib/ui/label-scrim.ts';
import { lightPlace, placeToPoint, weatherScene } from '../../../src/lib/ui/weather.ts';

const frame = { width: 328, height: 264 };
const axis = fc.integer({ min: -100, max: 100 });
const pointOf = fc.record({ pleasantness: axis, energy: axis });

/** Every number of a scene in order; a colour is its three channels in percent. */
const numbers = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string' && value.startsWith('#'))
    return [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16) / 2.55);
  if (typeof value === 'string') return (value.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
  if (Array.isArray(value)) return value.flatMap(numbers);
  return value === null || typeof value !== 'object' ? [] : Object.values(value).flatMap(numbers);
};

describe('the weather picture', () => {
  test('is the same for the same point', () => {
    fc.assert(
      fc.property(pointOf, (point) => {
        expect(JSON.stringify(weatherScene(point, frame))).toBe(JSON.stringify(weatherScene({ ...point }, frame)));
      }),
      { numRuns: 60 }
    );
  });

  test('changes every number a little when the light moves a little', () => {
    fc.assert(
      fc.property(pointOf, fc.constantFrom<keyof MoodPoint>('pleasantness', 'energy'), (point, along) => {
        const here = numbers(weatherScene(point, frame));
        const there = numbers(weatherScene({ ...point, [along]: point[along] + (point[along] > 0 ? -1 : 1) }, frame));
        expect(there).toHaveLength(here.length);
        const furthest = Math.max(...here.map((value, i) => Math.abs(value - (there[i] as number))));
        // One step of two hundred: under two percent of the frame, and of a colour.
        expect(furthest).toBeLessThan(6);
      }),
      { numRuns: 400 }
    );
  });

  test('moves when the point does', () => {
    const step = 10;
    for (let at = -100; at < 100; at += step) {
      const scene = (pleasantness: number, energy: number) =>
        JSON.stringify(weatherScene({ pleasantness, energy }, frame));
      expect(scene(at, 0)).not.toBe(scene(at + step, 0));
      expect(scene(0, at)).not.toBe(scene(0, at + step));
    }
  });

  test('keeps its light inside the frame, its opacities between 0 and 1, its colours in hex', () => {
    for (let pleasantness = -100; pleasantness <= 100; pleasantness += 20)
      for (let energy = -100; energy <= 100; energy += 20) {
        const scene = weatherScene({ pleasantness, energy }, frame);
        const { light } = scene;
        expect(light && light.x - light.radiusX > 0 && light.x + light.radiusX < frame.width).toBe(true);
        expect(light && light.y - light.radiusX > 0 && light.y < frame.height).toBe(true);
        for (const patch of [...scene.clouds, ...scene.fog]) {
          expect(patch.opacity).toBeGreaterThanOrEqual(0);
          expect(patch.opacity).toBeLessThanOrEqual(1);
        }
        const colours = JSON.stringify(scene).match(/"#[^"]*"/g) ?? [];
        expect(colours.length).toBeGreaterThan(12);
        for (const colour of colours) expect(colour).toMatch(/^"#[0-9a-f]{6}"$/);
      }
  });

  test('is cheap: a card is a few thousand letters', () => {
    expect(
      JSON.stringify(weatherScene({ pleasantness: -90, energy: 90 }, { width: 320, height: 124 })).length
    ).toBeLessThan(6000);
  });

  test('has no light when it is not known, and is never the picture of a point', () => {
    const mist = weatherScene(null, frame);
    expect(mist.light).toBeNull();
    expect(mist.waves.every((wave) => wave.glint === null)).toBe(true);
    expect(mist.fog.length).toBeGreaterThan(0);
  });

  test('has waves that grow with energy and fog that belongs to the low corner', () => {
    const height = (energy: number): number => {
      const ys = numbers(
        weatherScene({ pleasantness: 0, energy }, frame).waves[0]?.path.replaceAll(/M[^S]*/g, '')
      ).filter((_, i) => i % 4 === 3);
      return Math.max(...ys) - Math.min(...ys.slice(0, -1));
    };
    expect(height(100)).toBeGreaterThan(height(0));
    expect(height(0)).toBeGreaterThan(height(-100));
    const fog = (pleasantness: number, energy: number) =>
      weatherScene({ pleasantness, energy }, frame).fog[0]?.opacity ?? 0;
    expect(fog(-100, -100)).toBeGreaterThan(0.4);
    expect(fog(100, -100)).toBe(0);
    expect(fog(-100, 100)).toBe(0);
  });

  test('gives back the point whose light one touches', () => {
    fc.assert(
      fc.property(pointOf, (point) => {
        expect(placeToPoint(lightPlace(point, { width: 900, height: 700 }), { width: 900, height: 700 })).toEqual(
          point
        );
      })
    );
    expect(placeToPoint({ x: -50, y: 9999 }, frame)).toEqual({ pleasantness: -100, energy: -100 });
    expect(placeToPoint({ x: 9999, y: -50 }, frame)).toEqual({ pleasantness: 100, energy: 100 });
  });
});

describe('the labels over the picture', () => {
  const { width: w, height: h } = frame;
  const boxes: Record<string, LabelBox> = {
    top: { left: w / 2 - 70, top: 6, right: w / 2 + 70, bottom: 40 },
    left: { left: 6, top: h * 0.395 - 18, right: 118, bottom: h * 0.395 + 18 },
    right: { left: w - 100, top: h * 0.395 - 18, right: w - 6, bottom: h * 0.395 + 18 }
  };

  test.each(Object.entries(boxes))('%s keeps 4.5:1 over sky, glow and light wherever the light is', (_, box) => {
    for (let pleasantness = -100; pleasantness <= 100; pleasantness += 10)
      for (let energy = -100; energy <= 100; energy += 10) {
        const scene = weatherScene({ pleasantness, energy }, frame);
        const opacity = scrimOpacity(scene, box);
        for (let x = box.left; x <= box.right; x += 8)
          for (let y = box.top; y <= box.bottom; y += 6) {
            const behind = paintOver(skyAt(scene, x, y), scrimColour, opacity);
            expect(contrastRatio(labelInk, behind), `at ${pleasantness}, ${energy}`).toBeGreaterThanOrEqual(4.5);
          }
      }
  });

  test('in the sea keeps 4.5:1 against every wave', () => {
    const box = { left: w / 2 - 56, top: h - 36, right: w / 2 + 56, bottom: h - 6 };
    for (let pleasantness = -100; pleasantness <= 100; pleasantness += 10)
      for (let energy = -100; energy <= 100; energy += 10) {
        const scene = weatherScene({ pleasantness, energy }, frame);
        const opacity = scrimOpacity(scene, box);
        for (const wave of scene.waves.slice(1))
          for (const colour of [wave.top, wave.bottom]) {
            const rgb = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [
              number,
              number,
              number
            ];
            expect(contrastRatio(labelInk, paintOver(rgb, scrimColour, opacity))).toBeGreaterThanOrEqual(4.5);
          }
      }
  });

  test('need no more shade than the mist does', () => {
    expect(scrimOpacity(weatherScene(null, frame), boxes['top'] as LabelBox)).toBeLessThan(0.65);
    expect(
      scrimOpacity(weatherScene({ pleasantness: -100, energy: 100 }, frame), boxes['right'] as LabelBox)
    ).toBeLessThan(0.3);
  });
});

test('colours: white, black, a known blue, and what a screen cannot show', () => {
  expect(labToHex([1, 0, 0])).toBe('#ffffff');
  expect(labToHex([0, 0, 0])).toBe('#000000');
  // CSS Color 4: blue is oklch(0.452 0.313 264.05).
  expect(labToHex(lchToLab(0.452, 0.313, 264.05))).toMatch(/^#0[0-2]0[0-3]f[e-f]$/);
  expect(labToRgb(lchToLab(0.9, 0.4, 30)).every((channel) => channel >= 0 && channel <= 1)).toBe(true);
  expect(contrastRatio([0, 0, 0], [1, 1, 1])).toBeCloseTo(21);
});
