import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bookIn, updateBooking } from '../../hotel/bookings.ts';
import { frontDesk } from '../../hotel/front-desk/index.ts';
import { createGuest, readGuest, updateGuest } from '../../hotel/guests.ts';
import { listBookings, readBooking } from '../../hotel/read-bookings.ts';
import { createRoom } from '../../hotel/rooms.ts';
import { bookInInput, guestInput, roomInput } from '../../hotel/shapes.ts';
import { queueBackends } from '../support/backends.ts';
import { useConsole } from '../support/console.ts';
import { browse, signIn } from '../support/visitor.ts';

const CARD = '4000001234567899';
const cardKey = Buffer.alloc(32, 7);
const XSS = '<img src=x onerror=alert(1)>';
const person = (over: object = {}) =>
  guestInput.parse({
    last_name: 'Выдуманная',
    first_name: 'Ада',
    passport_series: '4510',
    passport_number: '000001',
    phone: '9000000001',
    ...over,
  });
const typedGuest = (over: object = {}) =>
  Object.fromEntries(
    Object.entries({ ...person(), middle_name: '', ...over }).map(([name, value]) => [
      `new.${name}`,
      String(value ?? ''),
    ]),
  );
const stay = { room_id: '1', check_in: '2031-05-01', check_out: '2031-05-04' };
/** The queue plays no part here: one backend is enough. */
const backend = queueBackends()[0]!;

describe('the front desk', () => {
  const web = useConsole(backend);
  const db = () => web.context.db;
  const open = (options: object = {}, key: Buffer | null = cardKey) =>
    web.open({ ...options, sections: [frontDesk({ cardKey: () => key ?? undefined })] });
  const desk = async (language = 'en') => browse(await open(), { 'accept-language': language });

  beforeEach(async () => {
    await createRoom(db(), roomInput.parse({ id: 1, area: 20, price_per_night: '1500.50' }));
    await createRoom(
      db(),
      roomInput.parse({ id: 2, area: 30, price_per_night: '3000', class: 'luxury', has_kitchen: true }),
    );
  });
  afterEach(async () => {
    await sql`delete from hotel.rooms`.execute(db());
    await sql`delete from hotel.guests`.execute(db());
  });
  const book = (over: object = {}, guests: object[] = [person()]) =>
    bookIn(db(), bookInInput.parse({ booking: { ...stay, room_id: 1, ...over }, guests }));

  test('the board shows rooms by days, stays with their names, and free nights that lead to a booking', async () => {
    const { id } = await book({}, [person({ last_name: XSS })]);
    const { status, text } = await (await desk()).get('/hotel?from=2031-04-30&days=7');
    expect(status).toBe(200);
    expect(text).not.toContain('<img');
    expect(text).toMatch(new RegExp(`<td colspan="3"[^>]*><a href="/hotel/bookings/${id}"`));
    expect(text).toContain('href="/hotel/book?room=1&amp;check_in=2031-05-04&amp;check_out=2031-05-05"');
    expect(text).toContain('href="/hotel?from=2031-05-07&amp;days=7"');
    expect(text).toContain('Nobody arrives today.');
  });

  test('who comes, goes and stays today stands above the board, whatever days it shows', async () => {
    const { rows } = await sql<{ today: string; tomorrow: string }>`
      select hotel.today() as today, hotel.today() + 1 as tomorrow`.execute(db());
    const { today, tomorrow } = rows[0]!;
    await book({ check_in: today, check_out: tomorrow });
    const { text } = await (await desk('ru')).get('/hotel?from=2031-04-30');
    expect(text).toMatch(/Заезды сегодня <span class="light grey">1</);
    expect(text).toMatch(/Выезды сегодня <span class="light grey">0</);
    expect(text).toMatch(/Проживают <span class="light grey">1</);
    expect(text).toContain('1 ночь');
  });

  test('free rooms are found by dates and wishes, with what they cost', async () => {
    await book();
    const browsing = await desk();
    const days = 'check_in=2031-05-03&check_out=2031-05-05';
    const found = await browsing.get(`/hotel/free?${days}&kitchen=&class=&max_price=`);
    expect(found.text).toContain('6,000.00');
    expect(found.text).toContain('/hotel/book?room=2&amp;check_in=2031-05-03&amp;check_out=2031-05-05');
    expect(found.text).not.toContain('/hotel/rooms/1"');
    expect((await browsing.get(`/hotel/free?${days}&kitchen=no`)).text).toContain('No room is free');
    const backwards = await browsing.get('/hotel/free?check_in=2031-05-05&check_out=2031-05-03');
    expect(backwards.text).toContain('Departure: later than the arrival.');
    expect((await browsing.get(`/hotel/free?${days}&max_price=cheap`)).text).toMatch(
      /id="f-max_price"[^>]*value="cheap"[^>]*autofocus/,
    );
  });

  test('a new guest is booked in with one form, and the confirmation is in both languages', async () => {
    const browsing = await desk();
    expect((await browsing.get('/hotel/book?room=1&check_in=2031-05-01&check_out=2031-05-04')).text).toContain(
      '4,501.50',
    );
    const done = await browsing.submit('/hotel/book', {
      ...stay,
      ...typedGuest(),
      card_number: '4000 0012-3456 7899',
      step: 'book',
    });
    expect(done.status).toBe(303);
    const path = String(done.headers.location).split('?')[0]!;
    const page = await browsing.get(path);
    expect(page.text).toContain('•••• 7899');
    expect(page.text).not.toContain(CARD);
    expect((await browsing.get(`${path}/confirmation?in=ru`)).text).toContain('четверг, 1 мая 2031 г.');
    expect((await browsing.get(`${path}/confirmation?in=en`)).text).toContain('Thursday');
  });

  test('a known guest is found and chosen without a script, and nothing typed is lost', async () => {
    const guest = await createGuest(db(), person());
    const browsing = await desk();
    await browsing.get('/hotel/book');
    const found = await browsing.submit('/hotel/book', { ...stay, find: 'выдум', step: 'look' });
    expect(found.status).toBe(200);
    expect(found.text).toContain(`value="${guest.id}">`);
    expect(found.text).toContain('value="2031-05-04"');
    expect(found.text).not.toContain(guest.passport_series);
    const done = await browsing.submit('/hotel/book', { ...stay, guest: String(guest.id), step: 'book' });
    expect(done.status).toBe(303);
    expect((await listBookings(db(), { guest: guest.id })).items).toHaveLength(1);
  });

  test('a form comes back with everything that is wrong, what was typed, and the first wrong field in focus', async () => {
    const browsing = await desk('ru');
    await browsing.get('/hotel/book');
    const wrong = {
      ...stay,
      check_out: stay.check_in,
      ...typedGuest({ last_name: XSS, first_name: '', phone: '123' }),
      card_number: '4000 00',
      step: 'book',
    };
    const { status, text } = await browsing.submit('/hotel/book', wrong);
    expect(status).toBe(422);
    for (const message of [
      'Выезд: позже даты заезда.',
      'Имя: от 1 до 20 знаков.',
      'Телефон: ровно 10 цифр',
      'Номер карты: от 13 до 19 цифр',
    ])
      expect(text, message).toContain(message);
    expect(text).toMatch(
      /id="f-check_out"[^>]*aria-describedby="f-check_out-problem"[^>]*aria-invalid="true"[^>]*autofocus/,
    );
    expect(text.match(/ autofocus/g)).toHaveLength(1);
    expect(text).toContain('value="&lt;img src=x onerror=alert(1)&gt;"');
    expect(text).not.toContain('<img');
    expect(text).not.toContain('4000 00');
    expect((await browsing.submit('/hotel/book', { step: 'book' })).text).toContain('Заезд: обязательно.');
    expect((await listBookings(db(), {})).items).toEqual([]);
  });

  test('a form that is sent twice books once', async () => {
    const browsing = await desk();
    const page = await browsing.get('/hotel/book');
    const key = /name="key" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const typed = { ...stay, ...typedGuest(), card_number: CARD, key, step: 'book' };
    const twice = await Promise.all([browsing.submit('/hotel/book', typed), browsing.submit('/hotel/book', typed)]);
    expect(twice.map(({ status }) => status)).toEqual([303, 303]);
    expect(twice[0]?.headers.location).toBe(twice[1]?.headers.location);
    expect((await browsing.submit('/hotel/book', { ...typed, check_in: '2031-05-02' })).status).toBe(422);
    expect((await listBookings(db(), {})).items).toHaveLength(1);
  });

  test('what is wrong with a reckoned value stands at the dates it follows from', async () => {
    const browsing = await desk();
    await browsing.get('/hotel/book');
    const past = await browsing.submit('/hotel/book', {
      ...stay,
      check_in: '2020-01-01',
      check_out: '2020-01-02',
      ...typedGuest(),
      step: 'book',
    });
    expect(past.text).toMatch(/id="f-check_in-problem">Day of booking: not later than the arrival/);
    const dear = await browsing.submit('/hotel/book', {
      ...stay,
      check_out: '2034-05-04',
      ...typedGuest(),
      step: 'book',
    });
    expect(dear.text).toMatch(/id="f-check_out-problem">Total: above 0/);
    const room = await browsing.submit('/hotel/rooms/new', {
      id: '8',
      area: '0',
      price_per_night: 'cheap',
      rooms_count: '1',
    });
    expect(room).toMatchObject({
      status: 422,
      text: expect.stringMatching(/id="f-price_per_night-problem">Price per night/),
    });
    expect((await browsing.get('/hotel/guests?q=%00')).status).toBe(400);
  });

  test('an overlap is explained with the booking that has the room and a way to another', async () => {
    const { id } = await book();
    const browsing = await desk();
    await browsing.get('/hotel/book');
    const again = {
      ...stay,
      check_in: '2031-05-03',
      check_out: '2031-05-06',
      ...typedGuest({ passport_number: '000002' }),
      step: 'book',
    };
    const { status, text } = await browsing.submit('/hotel/book', again);
    expect(status).toBe(422);
    expect(text).toContain(`Booking ${id} has it from 2031-05-01 to 2031-05-04.`);
    expect(text).toContain(`href="/hotel/bookings/${id}"`);
    expect(text).toContain('href="/hotel/free?check_in=2031-05-03&amp;check_out=2031-05-06"');
    expect((await browsing.submit('/hotel/book', { ...again, check_in: '2031-05-04' })).status).toBe(303);
  });

  test('a card is refused with a clear message when there is no key', async () => {
    const browsing = browse(await open({}, null), { 'accept-language': 'en' });
    await browsing.get('/hotel/book');
    const { status, text } = await browsing.submit('/hotel/book', {
      ...stay,
      ...typedGuest(),
      card_number: CARD,
      step: 'book',
    });
    expect(status).toBe(422);
    expect(text).toContain('PMSYNC_ENCRYPTION_KEY is not set');
    expect(text).not.toContain(CARD);
  });

  test('a booking moves to other dates and another room, and keeps what somebody else has saved meanwhile', async () => {
    const booking = await book();
    const guest = String(booking.guests[0]!.id);
    const browsing = await desk();
    await browsing.get(`/hotel/bookings/${booking.id}/edit`);
    await updateBooking(db(), booking.id, { check_out: '2031-05-08', card_number: undefined });
    const path = `/hotel/bookings/${booking.id}/edit`;
    const typed = { ...stay, room_id: '2', guest, step: 'save' };
    const late = await browsing.submit(path, { ...typed, version: String(booking.version) });
    expect(late.status).toBe(422);
    expect(late.text).toContain('Somebody else has changed this meanwhile.');
    expect(late.text).toContain('Saved now: 2031-05-08');
    const { version, room_id } = await readBooking(db(), booking.id);
    expect(room_id).toBe(1);
    expect(late.text).toContain(`name="version" value="${version}"`);
    expect((await browsing.submit(path, { ...typed, version: String(version) })).status).toBe(303);
    expect(await readBooking(db(), booking.id)).toMatchObject({
      room_id: 2,
      total: '9000.00',
      check_out: '2031-05-04',
    });
    expect((await browsing.submit(path, { ...stay, step: 'save', version: '1' })).text).toContain('Guests: choose one');
  });

  test('a deletion names what goes along, and asks again when that has changed', async () => {
    const first = await book();
    const browsing = await desk();
    const asked = await browsing.get('/hotel/rooms/1/delete');
    expect(asked.text).toContain('These bookings will be deleted too:');
    expect(asked.text).toContain(`/hotel/bookings/${first.id}`);
    const hidden = (text: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';
    const confirm = (text: string) =>
      browsing.submit('/hotel/rooms/1/delete', { version: hidden(text, 'version'), along: hidden(text, 'along') });
    const second = await book({ check_in: '2031-06-01', check_out: '2031-06-02' }, [{ id: first.guests[0]!.id }]);
    const changed = await confirm(asked.text);
    expect(changed.status).toBe(422);
    expect(changed.text).toContain(`/hotel/bookings/${second.id}`);
    expect((await confirm(changed.text)).status).toBe(303);
    expect((await listBookings(db(), {})).items).toEqual([]);
    const { rows } =
      await sql`select target from audit_log where action = 'delete' and target = 'hotel/house/rooms/1'`.execute(db());
    expect(rows).toHaveLength(1);
  });

  test('guests and rooms are listed, searched, made and changed', async () => {
    const browsing = await desk('ru');
    await browsing.get('/hotel/guests/new');
    const typed = { ...person({ last_name: XSS }), middle_name: '', phone: '' };
    const made = await browsing.submit('/hotel/guests/new', typed as unknown as Record<string, string>);
    expect(made.status).toBe(303);
    const [, id = ''] = /guests\/(\d+)/.exec(String(made.headers.location)) ?? [];
    expect((await browsing.get('/hotel/guests?q=img')).text).toContain('&lt;img src=x onerror=alert(1)&gt; Ада');
    expect((await browsing.get('/hotel/guests?q=nobody')).text).toContain('Гость не найден.');
    const twin = await browsing.submit('/hotel/guests/new', typed as unknown as Record<string, string>);
    expect(twin).toMatchObject({
      status: 422,
      text: expect.stringContaining('Паспорт: гость с такой серией и номером уже есть.'),
    });
    const { version } = await readGuest(db(), Number(id));
    await updateGuest(db(), Number(id), { phone: '9000000009', middle_name: undefined });
    const late = await browsing.submit(`/hotel/guests/${id}/edit`, {
      ...typed,
      version: String(version),
    } as unknown as Record<string, string>);
    expect(late.text).toContain('Сейчас сохранено: 9000000009');

    const room = await browsing.submit('/hotel/rooms/new', {
      id: '7x',
      area: '0',
      price_per_night: '',
      class: 'standard',
      rooms_count: '1',
    });
    for (const message of ['Неверный вид значения.', 'Цена за ночь: обязательно.'])
      expect(room.text).toContain(message);
    const ready = {
      id: '7',
      area: '12',
      price_per_night: '1 200,50',
      class: 'comfort',
      rooms_count: '1',
      has_kitchen: 'on',
    };
    expect((await browsing.submit('/hotel/rooms/new', ready)).status).toBe(303);
    expect((await browsing.get('/hotel/rooms?class=comfort')).text).toMatch(/1\s200,50/);
    expect((await browsing.get('/hotel/rooms/99')).status).toBe(404);
    expect((await browsing.get('/hotel/guests?after=nonsense')).status).toBe(400);
  });

  test('a viewer sees everything, and neither buttons nor a way to change anything', async () => {
    const { id } = await book();
    const viewer = await signIn(await open({ password: 'admin-pw', viewerPassword: 'viewer-pw' }), 'viewer-pw');
    for (const path of [
      '/hotel',
      '/hotel/free',
      '/hotel/bookings',
      `/hotel/bookings/${id}`,
      '/hotel/guests',
      '/hotel/rooms',
      '/hotel/rooms/1',
    ]) {
      const { status, text } = await viewer.get(path);
      expect(status, path).toBe(200);
      expect(text, path).not.toMatch(/href="\/hotel\/(book\b(?!ings)|[a-z]+\/(new|\d+\/(edit|delete)))/);
    }
    for (const path of ['/hotel/book', `/hotel/bookings/${id}/edit`, '/hotel/rooms/1/delete'])
      expect((await viewer.submit(path, { ...stay, ...typedGuest(), step: 'book' })).status, path).toBe(403);
    expect((await viewer.get('/hotel/rooms/1/delete')).text).not.toContain('Yes, delete');
  });
});
