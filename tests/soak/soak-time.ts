/**
 * How long the soak lasts, from `SHOULDER_SOAK_MINUTES`, and how it is cut into chapters: trouble, then calm and a reading.
 */
const asked = Number(process.env.SHOULDER_SOAK_MINUTES ?? 2);
if (!(asked > 0)) throw new Error('SHOULDER_SOAK_MINUTES is how many, more than 0');

/** Minutes of trouble; the calm between takes about as long again. */
export const soakMinutes = asked;
/** An even number: the second half is compared with the first. */
export const chapterCount = Math.max(4, 2 * Math.round(soakMinutes / 2));
export const chapterMs = (soakMinutes * 60_000) / chapterCount;
