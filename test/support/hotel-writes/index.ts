import { bookings, links } from './bookings.ts';
import { guests } from './guests.ts';
import { overlaps } from './overlaps.ts';
import { rooms } from './rooms.ts';
import type { ForbiddenWrite } from './shape.ts';

export { hotelFixture } from './shape.ts';

export const forbiddenWrites: readonly ForbiddenWrite[] = [...guests, ...rooms, ...bookings, ...overlaps, ...links];
