/**
 * What a client may say: one JSON array a frame, a verb and what belongs to it. Source: NIP-01, NIP-42.
 */
import { err, ok, type Result } from '../lib/base/result.ts';
import { parseFilter, type Filter } from './filter.ts';
import { bytesPerToken, filtersMax, subscriptionIdLengthMax } from './limits.ts';

/** The parts of a frame. The error is a sentence for the sender. */
export const parseMessage = (text: string): Result<readonly unknown[], string> => {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? ok(value) : err('a message is a JSON array');
  } catch {
    return err('a message is JSON'); // parsing fails for no other reason
  }
};

/** The filters of a REQ: one to `filtersMax`. */
export const parseFilters = (values: readonly unknown[]): Result<Filter[], string> => {
  if (values.length === 0) return err('a REQ holds at least one filter');
  if (values.length > filtersMax) return err(`at most ${filtersMax} filters`);
  const filters: Filter[] = [];
  for (const value of values) {
    const filter = parseFilter(value);
    if (!filter.ok) return filter;
    filters.push(filter.value);
  }
  return ok(filters);
};

export const isSubscriptionId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= subscriptionIdLengthMax;

export const subscriptionIdRule = `a subscription id is a text of 1 to ${subscriptionIdLengthMax} letters`;

/** What a frame of so many bytes costs, in tokens. */
export const frameCost = (bytes: number): number => 1 + Math.floor(bytes / bytesPerToken);
