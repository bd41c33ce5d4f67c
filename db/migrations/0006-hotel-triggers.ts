/**
 * What a constraint alone cannot say: the price of a booking, guests that take their booking along, and the outbox. Faults
 * are raised with the SQLSTATE and the name of a constraint, so that whoever reads errors needs no second way.
 */

/** Price and total of a booking are the database's business; what contradicts them is refused rather than changed silently. */
const reckon = `create function hotel.reckon_total() returns trigger language plpgsql as $$
declare
  room record;
  price numeric;
  sum numeric;
begin
  if tg_op = 'UPDATE' and (new.check_in, new.check_out, new.room_id, new.room_uid, new.price_per_night, new.total)
      is not distinct from (old.check_in, old.check_out, old.room_id, old.room_uid, old.price_per_night, old.total) then
    return new;
  end if;
  -- Who books the same room waits here: the price is the one in force, and no two wait for each other at the exclusion constraint.
  select r.uid, r.price_per_night into room from hotel.rooms r where r.id = new.room_id for no key update;
  if not found then
    if new.room_id is null then return new; end if;
    raise foreign_key_violation using message = format('There is no room %s.', new.room_id),
      schema = 'hotel', table = 'bookings', column = 'room_id', constraint = 'bookings_room_id_fkey';
  end if;
  -- The same room, also under a new id: the price it was booked at stays.
  price := case when tg_op = 'UPDATE' and old.room_uid = room.uid then old.price_per_night else room.price_per_night end;
  if new.price_per_night <> price and (tg_op = 'INSERT' or new.price_per_night is distinct from old.price_per_night) then
    raise check_violation using message = format('The price per night of this booking is %s; the database sets it.', price),
      schema = 'hotel', table = 'bookings', column = 'price_per_night', constraint = 'bookings_price_per_night_reckoned_check';
  end if;
  -- Dates that cannot be are refused by their own checks, which come after this.
  sum := case when isfinite(new.check_in) and isfinite(new.check_out) then price * (new.check_out - new.check_in) else price end;
  if new.total <> sum and (tg_op = 'INSERT' or new.total is distinct from old.total) then
    raise check_violation using message = format('The total of this booking is %s; the database reckons it.', sum),
      schema = 'hotel', table = 'bookings', column = 'total', constraint = 'bookings_total_reckoned_check';
  end if;
  new.price_per_night := price;
  new.total := sum;
  new.room_uid := room.uid;
  return new;
end $$`;

/** 100 and 100.0 are written 100.00; what has more decimals is left to the check. */
const scale = `create function hotel.scale_price() returns trigger language plpgsql as $$
begin
  if new.price_per_night = round(new.price_per_night, 2) then
    new.price_per_night := round(new.price_per_night, 2);
  end if;
  return new;
end $$`;

const stamp = `create function hotel.stamp() returns trigger language plpgsql as $$
begin
  new.version := nextval('hotel.version_seq');
  new.updated_at := now();
  return new;
end $$`;

/**
 * Ids that a person gives (an import) are followed by the sequence, or the next default would meet one of them. One that is
 * far beyond the others is somebody's own numbering, and following it would use up the integers.
 */
const followIds = `create function hotel.follow_id() returns trigger language plpgsql as $$
declare
  sequence regclass := pg_get_serial_sequence(format('hotel.%I', tg_table_name), 'id');
  last bigint;
  called boolean;
begin
  execute format('select last_value, is_called from %s', sequence) into last, called;
  if (new.id > last or (new.id = last and not called)) and new.id < last + 1000000 then
    perform setval(sequence, new.id);
  end if;
  return new;
end $$`;

/** A booking whose guests change is changed; one whose last guest was deleted goes with him. */
const guestsChanged = `create function hotel.guests_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and not exists (select from hotel.guests g where g.id = old.guest_id) then
    -- Two guests who are deleted at once: the later one has to see that the other is gone.
    perform from hotel.bookings b where b.id = old.booking_id for update;
    if not exists (select from hotel.booking_guests l where l.booking_id = old.booking_id) then
      delete from hotel.bookings b where b.id = old.booking_id;
      return null;
    end if;
  end if;
  if tg_op <> 'INSERT' then
    update hotel.bookings b set updated_at = now() where b.id = old.booking_id;
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' and new.booking_id <> old.booking_id then
    update hotel.bookings b set updated_at = now() where b.id = new.booking_id;
  end if;
  return null;
end $$`;

/** The payload of the notification is the transaction: whoever listens asks once for each. */
const noteChange = `create function hotel.note_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or tg_op = 'UPDATE' and old.id <> new.id then
    insert into hotel.outbox (entity, external_id, op) values (tg_argv[0], old.id, 'delete');
  end if;
  if tg_op <> 'DELETE' then
    insert into hotel.outbox (entity, external_id, op) values (tg_argv[0], new.id, 'upsert');
  end if;
  perform pg_notify('hotel_outbox', pg_current_xact_id()::text);
  return null;
end $$`;

/** TRUNCATE fires no trigger of a row. */
const noteTruncate = `create function hotel.note_truncate() returns trigger language plpgsql as $$
begin
  execute format('insert into hotel.outbox (entity, external_id, op) select %L, id, ''delete'' from hotel.%I',
    tg_argv[0], tg_table_name);
  perform pg_notify('hotel_outbox', pg_current_xact_id()::text);
  return null;
end $$`;

const carried = { guests: 'clients', rooms: 'rooms', bookings: 'bookings' };

export const triggers = [
  reckon,
  scale,
  stamp,
  followIds,
  guestsChanged,
  noteChange,
  noteTruncate,
  'create trigger reckon_total before insert or update on hotel.bookings for each row execute function hotel.reckon_total()',
  'create trigger scale_price before insert or update on hotel.rooms for each row execute function hotel.scale_price()',
  ...['guests', 'bookings'].map(
    (table) =>
      `create trigger follow_id before insert or update of id on hotel.${table} for each row execute function hotel.follow_id()`,
  ),
  'create trigger guests_changed after insert or update or delete on hotel.booking_guests for each row execute function hotel.guests_changed()',
  ...Object.entries(carried).flatMap(([table, entity]) => [
    `create trigger stamp before insert or update on hotel.${table} for each row execute function hotel.stamp()`,
    `create trigger note_change after insert or update or delete on hotel.${table} for each row execute function hotel.note_change('${entity}')`,
    `create trigger note_truncate before truncate on hotel.${table} for each statement execute function hotel.note_truncate('${entity}')`,
  ]),
];
