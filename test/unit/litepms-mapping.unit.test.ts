import { describe, expect, test } from 'vitest';
import type { EntityDefinition, Row } from '../../sources/define-source.ts';
import { bookings } from '../../sources/litepms/bookings.ts';
import { clients } from '../../sources/litepms/clients.ts';
import { rooms } from '../../sources/litepms/rooms.ts';
import { hotelAccount } from '../support/litepms-hotel.ts';

const account = hotelAccount('http://127.0.0.1:1');
const rowOf = (entity: EntityDefinition, record: object): Row => entity.toRow(entity.schema.parse(record), account);

const BOOKING = {
  id: '5000001',
  booking_id: '16',
  date: '2025-06-20 12:00:00',
  last_update: '2025-06-21 09:30:00',
  client_id: '1001',
  client_name: 'Иван',
  client_booking_comment: '',
  comment: 'у окна &quot;если можно&quot; ',
  date_in: '2025-07-01 14:00:00',
  date_out: '2025-07-03 12:00:00',
  person: '2',
  person_add: '0',
  price: '8500.00',
  payed: '3000.00',
  room_id: '301',
  status_id: '2',
  status_name: 'confirmed',
  service_title: '',
  service_number: '',
};

describe('a booking', () => {
  test('is mapped with its stay in the hotel’s zone, and its total and paid as decimal text', () => {
    expect(rowOf(bookings, BOOKING)).toEqual({
      number: '16',
      client_external_id: '1001',
      room_external_id: '301',
      status: 'confirmed',
      source_status: 'confirmed',
      check_in: '2025-07-01 14:00:00 Europe/Moscow',
      check_out: '2025-07-03 12:00:00 Europe/Moscow',
      guests: 2,
      extra_guests: 0,
      price: '8500.00',
      paid: '3000.00',
      currency: 'RUB',
      channel: null,
      channel_number: null,
      comment: 'у окна "если можно"',
      client_comment: null,
      source_created_at: '2025-06-20 12:00:00 Europe/Moscow',
      source_updated_at: '2025-06-21 09:30:00 Europe/Moscow',
    });
  });

  test('comes out the same with numbers for text, and with a time that has no seconds', () => {
    const typed = {
      id: 5000001,
      booking_id: 16,
      client_id: 1001,
      room_id: 301,
      person: 2,
      person_add: 0,
      status_id: 2,
    };
    const shorter = { date: '2025-06-20 12:00', price: 8500, payed: '3 000,00' };
    const row = rowOf(bookings, { ...BOOKING, ...typed, ...shorter });
    expect(row).toEqual({ ...rowOf(bookings, BOOKING), price: '8500', paid: '3000.00' });
  });

  test.each([['0'], [0], [''], [null]])('with client_id and room_id %j has neither', (none) => {
    const row = rowOf(bookings, { ...BOOKING, client_id: none, room_id: none });
    expect([row.client_external_id, row.room_external_id]).toEqual([null, null]);
  });

  test.each([
    ['1', 'pending'],
    ['2', 'confirmed'],
    ['3', 'cancelled'],
    ['4', 'completed'],
    ['5', 'no_show'],
    ['6', 'checked_in'],
    ['8', 'pending'],
    ['9', 'overbooked'],
    ['7', 'pending'],
    ['42', 'pending'],
    [null, 'pending'],
  ])('with status_id %j is %s, and the vendor’s word is kept', (id, status) => {
    expect(rowOf(bookings, { ...BOOKING, status_id: id, status_name: 'its_word' })).toMatchObject({
      status,
      source_status: 'its_word',
    });
    expect(rowOf(bookings, { ...BOOKING, status_id: id, status_name: '' }).source_status).toBe(id);
  });

  test('takes the channel under either name', () => {
    const { service_title: _, ...rest } = BOOKING;
    expect(rowOf(bookings, { ...rest, service_name: 'Сайт &amp; виджет' }).channel).toBe('Сайт & виджет');
    expect(rowOf(bookings, { ...rest, service_title: 'Канал', service_name: 'Другой' }).channel).toBe('Канал');
  });

  test('keeps the copy of the guest, and what it does not know, in additional_info', () => {
    const unmapped = Object.keys(BOOKING).filter((field) => !(field in bookings.schema.shape));
    expect(unmapped).toEqual(['client_name']);
    expect(bookings.keep).toEqual(expect.arrayContaining(['status_id', 'service_title', 'service_name']));
  });

  test('is the newer the later its last_update, however it is written', () => {
    expect(bookings.version?.(BOOKING)).toBe('2025-06-21 09:30:00');
    expect(bookings.version?.({ last_update: '2025-06-21 09:30' })).toBe('2025-06-21 09:30:00');
    for (const none of ['0000-00-00 00:00:00', '', null, undefined, {}, 'yesterday'])
      expect(bookings.version?.({ last_update: none })).toBeNull();
  });

  test.each([
    ['date_in', '2025-02-31 14:00:00', 'a time that exists'],
    ['date_out', 'tomorrow', 'a time that exists'],
    ['price', { a: 1 }, 'expected an amount'],
    ['client_id', { a: 1 }, 'expected an id'],
    ['person', 'two', 'a whole number'],
    ['id', '0', 'the record has no id'],
  ])('whose %s is %j is refused without quoting it', (field, value, rule) => {
    const { error } = bookings.schema.safeParse({ ...BOOKING, [field]: value });
    expect(error?.issues).toMatchObject([{ path: [field], message: expect.stringContaining(rule) }]);
    expect(error?.issues[0]?.message).not.toContain(String(value));
  });
});

describe('a client', () => {
  const CLIENT = {
    id: '1001',
    date: '2025-06-01 10:15:00',
    name: 'Иван ',
    middlename: 'Иванович',
    surname: 'Д&#039;Тестов',
    birthday: '1990-01-31',
    phone: '+7 900 000-00-01',
    email: 'ivan@example.test',
    doc_title: 'Паспорт',
    doc_series: '0001',
    doc_code: '000002',
    doc_where: 'Отдел &quot;Тест&quot;',
    doc_when: '0000-00-00',
    doc_valid: '',
    comment: '&quot;VIP&quot;',
    bl: '0',
    vip: '1',
    gender: '1',
    foreigner: 0,
  };

  test('is mapped with entities decoded, flags as such, and zero dates as none', () => {
    expect(rowOf(clients, CLIENT)).toEqual({
      first_name: 'Иван',
      last_name: "Д'Тестов",
      middle_name: 'Иванович',
      phone: '+7 900 000-00-01',
      email: 'ivan@example.test',
      birthday: '1990-01-31',
      gender: 'male',
      address: null,
      comment: '"VIP"',
      document_type: 'Паспорт',
      document_series: '0001',
      document_number: '000002',
      document_issued_by: 'Отдел "Тест"',
      document_issued_at: null,
      document_valid_until: null,
      is_vip: true,
      is_blacklisted: false,
      is_foreigner: false,
      source_created_at: '2025-06-01 10:15:00 Europe/Moscow',
    });
  });

  test.each([
    ['0000-00-00'],
    ['0000-05-31'],
    ['1990-00-00'],
    ['1990-05-00'],
    ['0000-00-00 00:00:00'],
    [''],
    [null],
    ['0'],
    [0],
    [false],
  ])('born on %j has no birthday', (birthday) => {
    expect(rowOf(clients, { ...CLIENT, birthday }).birthday).toBeNull();
  });

  test.each([
    ['2', 'female'],
    [2, 'female'],
    ['0', null],
    ['', null],
    [null, null],
  ])('of gender %j is %j', (gender, expected) => {
    expect(rowOf(clients, { ...CLIENT, gender }).gender).toBe(expected);
  });

  test('without the field has no gender', () => {
    const { gender: _, ...client } = CLIENT;
    expect(rowOf(clients, client).gender).toBeNull();
  });
});

describe('a room', () => {
  const ROOM = {
    id: '301',
    cat_id: '31',
    number: '1',
    name: 'Домик &quot;У реки&quot;',
    area: '18,5',
    person: '2',
    person_add: '1',
    price: '4000.00',
    active: '1',
    accom_opt: 'a:0:{}',
    category: { id: '31', name: 'Домики' },
  };

  test('is mapped with the name of its category, and holds extra places too', () => {
    expect(rowOf(rooms, ROOM)).toEqual({
      name: 'Домик "У реки"',
      category: 'Домики',
      is_active: true,
      area: '18.5',
      capacity: 3,
      price: '4000.00',
    });
    expect('accom_opt' in rooms.schema.shape).toBe(false);
  });

  test('without a name goes by its number, and without a category has none', () => {
    const bare = { ...ROOM, name: '', category: null, person: '', area: '30 м²', active: '0' };
    expect(rowOf(rooms, bare)).toMatchObject({
      name: '1',
      category: null,
      capacity: null,
      area: null,
      is_active: false,
    });
  });
});
