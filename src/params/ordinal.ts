/** A circle's local ordinal in a URL. */
export const match = (param: string): boolean => /^[1-9]\d{0,8}$/.test(param);
