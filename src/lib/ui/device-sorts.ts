/**
 * What a device can be, as it is kept: one word, the same in every language. Anything else is its person's own words.
 */
export const deviceSorts = ['phone', 'tablet', 'laptop', 'computer'] as const;
export type DeviceSort = (typeof deviceSorts)[number];

/** A plain guess from how wide the screen is, in CSS pixels. It is only where the choice starts. */
export const guessDeviceSort = (screenWidth: number): DeviceSort => (screenWidth < narrowMax ? 'phone' : 'computer');

const narrowMax = 600;
