/** What says something to somebody, of all kinds there are. */
import { expect, test } from 'vitest';
import { kinds } from '../../../src/lib/records/kinds.ts';
import { isSaidKind } from '../../../src/lib/records/said-kind.ts';

test('what people say to each other, and that it was taken back; nothing that builds the circle or keeps it up', () => {
  const said = Object.entries(kinds)
    .filter(([, kind]) => kind < 64 && isSaidKind(kind))
    .map(([name]) => name);
  expect(said).toEqual(['gone', 'checkIn', 'gesture', 'reply', 'openAdvice', 'private']);
});
