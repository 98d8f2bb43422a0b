import type { Weekday } from '../../contract/scheduling.ts';

/** Monday first, as ISO 8601 has it. */
export const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

export const weekdays: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

export const monthNames: readonly string[] =
  'january february march april may june july august september october november december'.split(' ');
